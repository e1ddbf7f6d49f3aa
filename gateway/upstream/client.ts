import { readFileSync } from 'node:fs'
import { rootCertificates, getCACertificates } from 'node:tls'
import { EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici'
import { ConfigError } from '../config/types.ts'
import { decompressing } from './decompress.ts'
import { sendDemo } from './demo.ts'
import type { Flight, ResponseHandler, ResponseHeaders, Upstream } from './upstream.ts'

export interface NetworkSettings {
  /** Outbound proxy for everything but loopback; absent: the environment's HTTPS_PROXY, HTTP_PROXY, NO_PROXY. */
  proxy?: string | undefined
  noProxy?: string[] | undefined
  /** PEM file of certificate authorities to trust besides the usual ones. */
  caFile?: string | undefined
}

/**
 * undici dispatchers, one per origin and connect timeout. Timeouts of the answer are the caller's (undici's have a
 * resolution of about a second); so are retries (undici's RetryAgent would send a POST twice: double billing).
 */
export function createUpstream(settings: NetworkSettings, env: Record<string, string | undefined>): Upstream {
  const dispatchers = new Map<string, Dispatcher>()
  const create = dispatcherFactory(settings, env)
  const dispatcherFor = (origin: string, connectMs: number): Dispatcher => {
    const key = `${origin} ${connectMs}`
    let dispatcher = dispatchers.get(key)
    if (dispatcher === undefined) dispatchers.set(key, (dispatcher = create(origin, connectMs)))
    return dispatcher
  }
  return {
    send(request, handler) {
      if (request.origin.startsWith('demo:')) return sendDemo(request, handler)
      const flight = new DispatchFlight(handler)
      try {
        dispatcherFor(request.origin, request.connectMs).dispatch(
          {
            origin: request.origin,
            path: request.path,
            method: request.method,
            headers: request.headers,
            body: request.body ?? null,
          },
          flight,
        )
      } catch (error) {
        if (request.body !== undefined && !(request.body instanceof Uint8Array)) request.body.destroy()
        handler.onError(error instanceof Error ? error : new Error(String(error)))
      }
      return flight
    },
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.close()))
    },
  }
}

function dispatcherFactory(
  settings: NetworkSettings,
  env: Record<string, string | undefined>,
): (origin: string, connectMs: number) => Dispatcher {
  const ca = settings.caFile === undefined ? undefined : certificates(settings.caFile)
  const common = { keepAliveTimeout: 60_000, keepAliveMaxTimeout: 600_000, headersTimeout: 0, bodyTimeout: 0 }
  const connect = (connectMs: number): { timeout: number; noDelay: boolean; ca?: string[] } => ({
    timeout: connectMs,
    noDelay: true,
    ...(ca === undefined ? {} : { ca }),
  })
  const proxy = proxyOptions(settings, env)
  return (origin, connectMs) => {
    if (proxy === undefined || isLoopback(origin)) {
      return new Pool(origin, { ...common, connections: null, pipelining: 1, connect: connect(connectMs) })
    }
    return new EnvHttpProxyAgent({
      ...common,
      ...proxy,
      connect: connect(connectMs),
      ...(ca === undefined ? {} : { requestTls: { ca }, proxyTls: { ca } }),
    })
  }
}

/** A server on this machine is never asked through a proxy; a list of exceptions could not name all of 127.0.0.0/8. */
function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin)
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(hostname)
}

function certificates(file: string): string[] {
  const extra = readCertificates(file)
  return [...(typeof getCACertificates === 'function' ? getCACertificates('default') : rootCertificates), extra]
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigError(file, [{ path: 'network.caFile', message: `cannot be read: ${why}` }])
  }
}

interface ProxyOptions {
  httpProxy?: string
  httpsProxy?: string
  noProxy: string
}

function proxyOptions(settings: NetworkSettings, env: Record<string, string | undefined>): ProxyOptions | undefined {
  const httpsProxy = settings.proxy ?? env['HTTPS_PROXY'] ?? env['https_proxy']
  const httpProxy = settings.proxy ?? env['HTTP_PROXY'] ?? env['http_proxy']
  if (!httpsProxy && !httpProxy) return undefined
  const listed = settings.noProxy ?? (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',')
  return {
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    noProxy: listed.map((host) => host.trim()).join(','),
  }
}

/** Between undici's handler (controller first given when the request starts) and ours. */
class DispatchFlight implements Flight, Dispatcher.DispatchHandler {
  #handler: ResponseHandler
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined
  /** By the reader of the answer; a decompressor between may not undo it. */
  #paused = false

  constructor(handler: ResponseHandler) {
    this.#handler = handler
  }

  pause(): void {
    this.#paused = true
    this.#controller?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#controller?.resume()
  }

  abort(reason: Error): void {
    this.#aborted = reason
    this.#controller?.abort(reason)
  }

  get isSent(): boolean {
    return this.#controller !== undefined
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted !== undefined) controller.abort(this.#aborted)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (status < 200) return
    const encoding = headers['content-encoding']
    if (typeof encoding === 'string' && encoding !== 'identity') {
      this.#handler = decompressing(encoding, this.#handler, this.#forDecompressor())
    }
    this.#handler.onHead(status, headers)
  }

  #forDecompressor(): Flight {
    return {
      pause: () => this.#controller?.pause(),
      resume: () => {
        if (!this.#paused) this.#controller?.resume()
      },
      abort: (reason) => this.abort(reason),
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler.onData(chunk)
  }

  onResponseEnd(): void {
    this.#handler.onEnd()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#handler.onError(error)
  }
}
