import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Asked, Dialect } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from '../pipeline/call.ts'
import { handle, type Stages } from '../pipeline/handle.ts'
import { failedAnswer, sendAnswer } from '../pipeline/send-answer.ts'
import type { Sink } from '../pipeline/sink.ts'
import { HttpSink } from './http-sink.ts'
import { openCall } from './open-call.ts'
import { requestLineOf } from './request-headers.ts'
import { clientGone, readBody } from './read-body.ts'

export interface LlmRoute {
  path: string
  /** Also of the errors in requests that cannot be located. */
  dialect: Dialect
  /** A GET of it opens a WebSocket, which is served elsewhere (responses-socket.ts). */
  hasSocket?: true
  /** Where the URL names the model and what is wanted of it (Gemini). Throws GatewayError. */
  locate?: (url: { rest: string; query: Record<string, string | undefined> }) => Located
}

export interface Located {
  dialect: Dialect
  asked: Asked
  /** The key in the URL, where the dialect's clients put it there. */
  key?: string | undefined
  /** A form of the answer that the dialect's encoder does not write. */
  wrap?: (sink: Sink) => Sink
}

export interface LlmPorts {
  routes: readonly LlmRoute[]
  /** The stages of the configuration in force when the request arrives. */
  stages: () => Stages
  /** Once per call, before the stages. */
  prepare: (call: Call) => Call
  settings: () => { bodyLimit: number; writeTimeoutMs: number }
  /** Running calls, for draining. */
  calls: Set<AbortController>
  inFlight: (delta: 1 | -1) => void
  now: () => number
  nowMs: () => number
  newId: () => string
}

/** The inference endpoints: raw bytes in, the pipeline, raw bytes out. */
export function registerLlmRoutes(app: FastifyInstance, ports: LlmPorts): void {
  app.register(async (scope) => {
    // Any content type: `curl -d` says form data and means JSON. Origin is what keeps web pages out.
    scope.removeAllContentTypeParsers()
    // Named apart, because Fastify takes a content type it does not know to pieces first.
    scope.addContentTypeParser(['application/json', '*'], (_request, _payload, done) => done(null))
    for (const route of ports.routes) {
      const { path } = route
      const others = route.hasSocket === true ? ['PUT', 'PATCH', 'DELETE'] : ['GET', 'PUT', 'PATCH', 'DELETE']
      if (route.locate === undefined) scope.route({ method: others, url: path, handler: () => refuseMethod(path) })
      scope.post(path, { bodyLimit: Number.MAX_SAFE_INTEGER }, (request, reply) => serve(route, request, reply, ports))
    }
  })
}

function serve(route: LlmRoute, request: FastifyRequest, reply: FastifyReply, ports: LlmPorts): void {
  reply.hijack()
  const startedAt = ports.now()
  const startedMs = ports.nowMs()
  const { bodyLimit, writeTimeoutMs } = ports.settings()
  const sink = new HttpSink(reply.raw, { headers: reply.getHeaders() as Record<string, string>, writeTimeoutMs })
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(clientGone())
  })
  const located = locate(route, request)
  const base = {
    id: ports.newId(),
    dialect: located instanceof GatewayError ? route.dialect : located.dialect,
    headers: request.headers,
    requestLine: requestLineOf(request),
    sink: located instanceof GatewayError ? sink : (located.wrap?.(sink) ?? sink),
    signal: controller.signal,
    startedAt,
    startedMs,
  }
  readBody(request.raw, bodyLimit, (error, body) => {
    if (error !== undefined || body === undefined) return reject(base, error)
    if (located instanceof GatewayError) return reject(base, located)
    let call: Call
    try {
      call = openCall({ ...base, body, asked: located.asked, key: located.key })
    } catch (problem) {
      return reject(base, problem)
    }
    void runCall(ports.prepare(call), controller, ports)
  })
}

function locate(
  { dialect, locate: find }: LlmRoute,
  request: FastifyRequest,
): (Partial<Located> & Pick<Located, 'dialect'>) | GatewayError {
  if (find === undefined) return { dialect }
  try {
    const { '*': rest = '' } = request.params as { '*'?: string }
    return find({ rest, query: request.query as Record<string, string | undefined> })
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

function refuseMethod(path: string): never {
  throw new GatewayError('method_not_allowed', `${path} takes POST only.`, { headers: { allow: 'POST' } })
}

export async function runCall(
  call: Call,
  controller: AbortController,
  ports: Pick<LlmPorts, 'calls' | 'inFlight' | 'stages'>,
): Promise<void> {
  ports.calls.add(controller)
  ports.inFlight(1)
  const { timeoutMs } = call.options
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(timeIsUp(timeoutMs)), timeoutMs)
  try {
    await handle(call, ports.stages())
  } finally {
    clearTimeout(timer)
    ports.calls.delete(controller)
    ports.inFlight(-1)
  }
}

type Base = Pick<Call, 'id' | 'dialect' | 'sink'>

/** A request that never became a call. */
export function reject(base: Base, problem: unknown): void {
  sendAnswer(base as Call, failedAnswer(problem), { rows: [], costNanoUsd: undefined })
}

export function timeIsUp(ms: number): GatewayError {
  return new GatewayError('request_timeout', `The call took longer than its x-gateway timeout of ${ms / 1000} s.`)
}
