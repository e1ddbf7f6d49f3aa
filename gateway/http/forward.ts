import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { forwardedDialect } from '../dialects/forwarded/index.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from '../pipeline/call.ts'
import type { Forwarding } from '../pipeline/forward/create-forwarding.ts'
import type { Forwarded } from '../pipeline/forward/forwarded.ts'
import { forwardDialectId } from '../providers/forwards.ts'
import { forwardRoutes, spokenRoute, type ForwardRoute } from './forward-routes.ts'
import { HttpSink } from './http-sink.ts'
import { reject, runCall, type LlmPorts } from './llm.ts'
import { openFormCall, openForward, pathBelow, readQuery, type ForwardInput } from './open-forward.ts'
import { isForm, openUpload } from './open-upload.ts'
import { clientGone, readBody } from './read-body.ts'
import { requestLineOf } from './request-headers.ts'
import { allowSlowUpload } from './slow-uploads.ts'

export interface ForwardPorts extends Omit<LlmPorts, 'routes' | 'settings'> {
  settings: () => ReturnType<LlmPorts['settings']> & { readTimeoutMs: number }
  /** Of the configuration in force when the request arrives. */
  forwarding: () => Forwarding
}

/** Images, audio, files, batches: the client's bytes to the provider that has the endpoint, and its bytes back. */
export function registerForwardRoutes(app: FastifyInstance, ports: ForwardPorts): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(['application/json', 'multipart/form-data', '*'], (_request, _payload, done) =>
      done(null),
    )
    for (const route of forwardRoutes) {
      const { method, path: url } = route
      scope.route({
        method,
        url,
        bodyLimit: Number.MAX_SAFE_INTEGER,
        handler: (request, reply) => serve(route, request, reply, ports),
      })
    }
    for (const [url, allowed] of methodsByPath()) {
      const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((method) => !allowed.includes(method))
      scope.route({ method: others, url, handler: () => refuseMethod(url, allowed) })
    }
  })
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { path, method } of forwardRoutes) methods.set(path, [...(methods.get(path) ?? []), method])
  return methods
}

function refuseMethod(path: string, allowed: string[]): never {
  const allow = allowed.join(', ')
  throw new GatewayError('method_not_allowed', `${path} takes ${allow} only.`, { headers: { allow } })
}

function serve(at: ForwardRoute, request: FastifyRequest, reply: FastifyReply, ports: ForwardPorts): void {
  reply.hijack()
  const route = spokenRoute(at, request.headers)
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(clientGone())
  })
  const { query, provider } = readQuery(request.url)
  const base: Base = {
    id: ports.newId(),
    dialect: forwardedDialect(forwardDialectId(route.id)),
    headers: request.headers,
    requestLine: requestLineOf(request),
    sink: new HttpSink(reply.raw, {
      headers: reply.getHeaders() as Record<string, string>,
      writeTimeoutMs: ports.settings().writeTimeoutMs,
    }),
    signal: controller.signal,
    startedAt: ports.now(),
    startedMs: ports.nowMs(),
    provider,
  }
  const serving: Serving = { route, base, controller, ports, request, query, sever: () => void reply.raw.destroy() }
  if (isForm(request.raw)) return serveForm(serving)
  readBody(request.raw, ports.settings().bodyLimit, (error, body) => {
    if (error !== undefined || body === undefined) return reject(base, error)
    serveBody(serving, body)
  })
}

type Base = Omit<ForwardInput, 'body'>

interface Serving {
  route: ForwardRoute
  base: Base
  controller: AbortController
  ports: ForwardPorts
  request: FastifyRequest
  query: string
  sever: () => void
}

function serveBody(serving: Serving, body: Buffer): void {
  const { route, base, ports } = serving
  try {
    const { call, namesModel } = openForward(route, { ...base, body })
    const forwarded = { ...forwardedOf(serving), namesModel, hasBody: body.length > 0, upload: undefined }
    const isText = route.isRaw !== true && route.isBinary !== true
    void run(isText ? ports.prepare(call) : call, forwarded, serving)
  } catch (problem) {
    reject(base, problem)
  }
}

function serveForm(serving: Serving): void {
  const { route, base, ports, request } = serving
  try {
    const forwarded = forwardedOf(serving)
    const call = openFormCall(route, base)
    const upload = openUpload(request.raw, route, { idleMs: ports.settings().readTimeoutMs, signal: base.signal })
    const done = allowSlowUpload(request.raw.socket)
    const whole = { ...forwarded, namesModel: route.model !== 'none', hasBody: true, upload, once: true }
    void run(call, whole, serving).finally(() => {
      upload.close()
      done()
    })
  } catch (problem) {
    reject(base, problem)
    // What still comes is let pass, so that the client gets to read the answer.
    request.raw.resume()
  }
}

type Common = Omit<Forwarded, 'namesModel' | 'hasBody' | 'upload'>

/** Throws GatewayError for an id that is none. */
function forwardedOf({ route, request, query, sever }: Serving): Common {
  const { id, method, isRaw, model } = route
  const { accept } = request.headers
  return {
    id,
    method,
    below: pathBelow(route, request.params),
    query,
    accept: accept !== undefined && accept.length <= longestAccept ? accept : undefined,
    isRaw: isRaw === true,
    // A second file or batch would be one too many.
    once: model === 'none' && method === 'POST',
    isStreamed: false,
    gatewayUrl: urlOf(request.headers),
    sever,
  }
}

const longestAccept = 200

/** As the client knows it, also behind a proxy that speaks TLS for us. */
function urlOf(headers: FastifyRequest['headers']): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  return `${scheme}://${headers.host ?? 'localhost'}`
}

function run(call: Call, forwarded: Forwarded, { controller, ports }: Serving): Promise<void> {
  const stages = { ...ports.stages(), ...ports.forwarding()(forwarded) }
  return runCall(asItTurnsOut(call, forwarded), controller, { ...ports, stages: () => stages })
}

/** What a form's fields and the answer's type tell only later. */
function asItTurnsOut(call: Call, forwarded: Forwarded): Call {
  return {
    ...call,
    get model() {
      return forwarded.upload?.model ?? call.model
    },
    get stream() {
      return call.stream || forwarded.isStreamed
    },
  }
}
