import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AdminGate } from '../api/admin-token.ts'
import type { Api } from '../api/api.ts'
import type { CallError, GatewayEvent } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { gatewayErrorOf } from './encode-gateway-error.ts'

export interface AdminPorts {
  api: Api
  gate: AdminGate
  /** A key that clients use for models: it must not open this, even where somebody set both to the same text. */
  isClientKey: (token: string) => boolean
  /** Where the token is found, for people who have none: `in /data/admin-token`. */
  tokenHint: string
  /** Whoever asks from another machine is refused: the app's is for the command line beside it. */
  isLocalOnly?: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route asks for the admin token; a client key has no say. */
    isAdmin?: boolean
  }
}

/** Room for a playground conversation and a whole gateway.yaml. */
const bodyLimit = 32 * 1024 * 1024
const heartbeatMs = 15_000
/** A browser that sleeps must not make the gateway keep events for it. */
const unsentLimit = 4 * 1024 * 1024

/** The management contract over HTTP: what the page at /ui/ uses. */
export function registerAdminRoutes(app: FastifyInstance, ports: AdminPorts): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_request, body, done) => {
      done(null, parse(String(body)))
    })
    scope.addHook('onRequest', (request, reply, done) => {
      const refusal = refusalOf(request, ports)
      if (refusal === undefined) return done()
      void reply.code(refusal.status).headers(refusal.headers).send(failure(refusal.error))
    })
    scope.setErrorHandler((error, _request, reply) => {
      const { status, ...problem } = transportProblem(error)
      void reply.code(status).send(failure(problem))
    })
    scope.post<{ Params: { method: string } }>(
      '/api/v1/call/:method',
      { bodyLimit, config: { isAdmin: true } },
      async (request, reply) => answerCall(request, reply, ports.api),
    )
    registerEvents(scope, ports.api)
  })
}

async function answerCall(
  request: FastifyRequest<{ Params: { method: string } }>,
  reply: FastifyReply,
  api: Api,
): Promise<object> {
  if (request.body === undefined && request.headers['content-type'] === undefined) {
    throw new GatewayError('unsupported_media_type', 'Send JSON with content-type: application/json.')
  }
  if (request.body === notJson) return failure({ code: 'invalid_json', message: 'The body is not valid JSON.' })
  const result = await api.call(request.params.method, request.body)
  if (!result.ok && result.error.code === 'unknown_method') void reply.code(404)
  return result
}

const notJson = Symbol('not JSON')

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return notJson
  }
}

interface Refusal {
  status: number
  headers: Record<string, string>
  error: Partial<CallError> & Pick<CallError, 'code' | 'message'>
}

/** Host and Origin were checked before, for every route. */
function refusalOf(request: FastifyRequest, ports: AdminPorts): Refusal | undefined {
  const { gate, isClientKey, tokenHint, isLocalOnly = false } = ports
  if (isLocalOnly && !isFromHere(request.socket.remoteAddress)) {
    const message = 'The app is managed from its own machine alone.'
    return { status: 403, headers: {}, error: { code: 'origin_not_allowed', message } }
  }
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    const message = 'Another web page may not manage this gateway.'
    return { status: 403, headers: {}, error: { code: 'origin_not_allowed', message } }
  }
  const token = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
  const verdict = gate.check(token, request.ip)
  if (verdict === 'too-many') {
    const message = 'Too many wrong tokens from this address.'
    const error = { code: 'rate_limit_exceeded', message, hint: 'Wait a minute, then try again.' }
    return { status: 429, headers: { 'retry-after': '60' }, error }
  }
  if (verdict === 'ok' && token !== undefined && !isClientKey(token)) return undefined
  const message =
    verdict === 'ok'
      ? 'The admin token is also one of auth.keys, so it is not taken here.'
      : token === undefined
        ? 'This needs the admin token.'
        : 'That is not the admin token.'
  return {
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
    error: { code: 'invalid_admin_token', message, hint: tokenHint },
  }
}

/** IPv4 is written inside IPv6 where both are listened to. */
function isFromHere(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127\.[\d.]+)$/.test(address)
}

function failure(error: Refusal['error']): { ok: false; error: CallError } {
  return { ok: false, error: { hint: null, field: null, ...error } }
}

interface TransportProblem {
  status: number
  code: string
  message: string
}

/** What kept a request from becoming a call: Host and Origin, shutting down, its size or kind. */
function transportProblem(error: unknown): TransportProblem {
  const known = gatewayErrorOf(error)
  return { status: known.status, code: known.code, message: known.message }
}

/** Server-sent events: `data` is `{ event, data }` of the contract. */
function registerEvents(scope: FastifyInstance, api: Api): void {
  const open = new Set<() => void>()
  // Or shutting down would wait for them.
  scope.addHook('preClose', async () => {
    for (const close of open) close()
  })
  scope.get('/api/v1/events', { config: { isAdmin: true } }, (_request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const write = (text: string): void => {
      if (raw.writableLength > unsentLimit) raw.destroy()
      else raw.write(text)
    }
    write(': connected\n\n')
    const stop = api.subscribe((event) => write(eventText(event)))
    const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs)
    const end = (): void => {
      stop()
      clearInterval(heartbeat)
      open.delete(close)
    }
    const close = (): void => {
      end()
      raw.end()
    }
    open.add(close)
    raw.once('close', end)
  })
}

/** JSON has no line breaks, so one data line is enough. */
function eventText(event: GatewayEvent): string {
  return `event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`
}
