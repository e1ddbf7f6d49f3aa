import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Asked, Dialect } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from '../pipeline/call.ts'
import { handle, type Stages } from '../pipeline/handle.ts'
import { failedAnswer, sendAnswer } from '../pipeline/send-answer.ts'
import type { Sink } from '../pipeline/sink.ts'
import { HttpSink } from './http-sink.ts'
import { openCall } from './open-call.ts'

export interface LlmRoute {
  path: string
  /** Also of the errors in requests that cannot be located. */
  dialect: Dialect
  /** Where the URL names the model and what is wanted of it (Gemini). Throws GatewayError. */
  locate?: (url: { rest: string; query: Record<string, string | undefined> }) => Located
}

export interface Located {
  dialect: Dialect
  asked: Asked
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
      if (route.locate === undefined)
        scope.route({ method: ['GET', 'PUT', 'PATCH', 'DELETE'], url: path, handler: () => refuseMethod(path) })
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
    sink: located instanceof GatewayError ? sink : (located.wrap?.(sink) ?? sink),
    signal: controller.signal,
    startedAt,
    startedMs,
  }
  readBody(request, bodyLimit, (error, body) => {
    if (error !== undefined || body === undefined) return reject(base, error)
    if (located instanceof GatewayError) return reject(base, located)
    let call: Call
    try {
      call = openCall({ ...base, body, asked: located.asked })
    } catch (problem) {
      return reject(base, problem)
    }
    void run(ports.prepare(call), controller, ports)
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

async function run(call: Call, controller: AbortController, ports: LlmPorts): Promise<void> {
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

/** The request's bytes, without a copy when they came in one piece. */
function readBody(request: FastifyRequest, limit: number, done: (error?: GatewayError, body?: Buffer) => void): void {
  const { raw } = request
  const chunks: Buffer[] = []
  let size = 0
  let ended = false
  const finish = (error?: GatewayError, body?: Buffer): void => {
    if (ended) return
    ended = true
    done(error, body)
  }
  raw.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    else if (!ended) {
      chunks.length = 0
      finish(new GatewayError('body_too_large', `The request is larger than ${limit} bytes (server.bodyLimit).`))
    }
  })
  raw.on('end', () => finish(undefined, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
  raw.on('error', () => finish(clientGone()))
  raw.resume()
}

type Base = Pick<Call, 'id' | 'dialect' | 'sink'>

/** A request that never became a call. */
function reject(base: Base, problem: unknown): void {
  sendAnswer(base as Call, failedAnswer(problem), { rows: [], costNanoUsd: undefined })
}

function clientGone(): GatewayError {
  return new GatewayError('client_closed_request', 'The client closed the connection.')
}

function timeIsUp(ms: number): GatewayError {
  return new GatewayError('request_timeout', `The call took longer than its x-gateway timeout of ${ms / 1000} s.`)
}
