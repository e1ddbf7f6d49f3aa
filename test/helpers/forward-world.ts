import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AttemptRow } from '../../gateway/stores/ledger.ts'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'
import { createTestGateway, type TestGateway } from './in-process.ts'

/** A request as the provider got it, to the byte. */
export interface RawRequest {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

export type Answer = (request: RawRequest, response: ServerResponse) => void

/** A provider that keeps every byte and answers what it is told; `arriving` looks at a body on its way. */
export interface RawUpstream {
  url: string
  requests: RawRequest[]
  answer: Answer
  arriving: ((incoming: IncomingMessage, response: ServerResponse) => void) | undefined
  /** false: bodies are let pass, for those that are large. */
  collects: boolean
  /** Bodies that ended before they were whole. */
  cut: number
  /** Resolves when so many bodies were cut or so many requests are there. */
  until(done: (upstream: RawUpstream) => boolean): Promise<void>
  close(): Promise<void>
}

export async function startRawUpstream(): Promise<RawUpstream> {
  const waiting: { done: (upstream: RawUpstream) => boolean; resolve: () => void }[] = []
  const look = (): void => {
    for (const { done, resolve } of waiting) if (done(upstream)) resolve()
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    upstream.arriving?.(incoming, response)
    look()
    incoming.on('data', (chunk: Buffer) => {
      if (upstream.collects) chunks.push(chunk)
    })
    incoming.on('error', () => undefined)
    incoming.on('close', () => {
      if (incoming.complete) return
      upstream.cut += 1
      look()
    })
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const request = { method, path, headers, body: Buffer.concat(chunks) }
      upstream.requests.push(request)
      look()
      upstream.answer(request, response)
    })
  })
  const upstream: RawUpstream = {
    url: '',
    requests: [],
    answer: json({ ok: true }),
    arriving: undefined,
    collects: true,
    cut: 0,
    until: (done) =>
      done(upstream) ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push({ done, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return upstream
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

export function bytes(body: Uint8Array | string, type: string, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': type, ...headers })
    response.end(body)
  }
}

/** The gateway on a socket between whoever asks and such a provider. */
export interface ForwardWorld {
  gateway: TestGateway
  /** `http://127.0.0.1:PORT` */
  url: string
  upstream: RawUpstream
  rows: AttemptRow[]
  /** The ledger's rows, as soon as there are so many. */
  committed(count: number): Promise<AttemptRow[]>
  ask(path: string, init?: RequestInit & { duplex?: 'half' }): Promise<Response>
  close(): Promise<void>
}

export const upstreamKey = 'sk-upstream-secret-1234'

export interface ForwardWorldOptions {
  /** Given the upstream's address. */
  providers?: (url: string) => object[]
  config?: object
}

export async function startForwardWorld({ providers, config }: ForwardWorldOptions = {}): Promise<ForwardWorld> {
  const upstream = await startRawUpstream()
  const memory = createMemoryLedger()
  const rows: AttemptRow[] = []
  const waiting: { count: number; resolve: (rows: AttemptRow[]) => void }[] = []
  const ledger = {
    ...memory,
    append: async (more: AttemptRow[]) => {
      await memory.append(more)
      rows.push(...more)
      for (const { count, resolve } of waiting) if (rows.length >= count) resolve(rows)
    },
  }
  const given = providers?.(upstream.url) ?? [openai(upstream.url)]
  // Deadlines must run while a test waits for real sockets.
  const clocks = { now: Date.now, nowMs: () => performance.now() }
  const gateway = await createTestGateway({ providers: given, ...config }, { ledger, ...clocks })
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  return {
    gateway,
    url,
    upstream,
    rows,
    committed: (count) =>
      rows.length >= count ? Promise.resolve(rows) : new Promise((resolve) => waiting.push({ count, resolve })),
    ask: (path, init) => fetch(`${url}${path}`, init),
    close: async () => {
      await gateway.close()
      await upstream.close()
    },
  }
}

export function openai(url: string, more: object = {}): object {
  return { name: 'openai', apiKey: upstreamKey, baseUrl: `${url}/v1`, maxRetries: 0, ...more }
}

export function anthropic(url: string, more: object = {}): object {
  return { name: 'anthropic', apiKey: upstreamKey, baseUrl: url, maxRetries: 0, ...more }
}
