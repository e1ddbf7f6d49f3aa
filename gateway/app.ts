import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { LoadedConfig } from './config/types.ts'
import { findDialect } from './dialects/index.ts'
import { encodeGatewayError } from './http/encode-gateway-error.ts'
import { registerAccess } from './http/access.ts'
import { registerLlmRoutes, type LlmRoute } from './http/llm.ts'
import { registerOpsRoutes } from './http/ops.ts'
import { GatewayError } from './errors.ts'
import { createBreaker } from './pipeline/breaker.ts'
import { createProviderHealth } from './pipeline/health.ts'
import { createRuntime, type Runtime, type Shared } from './runtime.ts'
import { createMemoryCache } from './stores/cache-memory.ts'
import { createMemoryCounter } from './stores/counter-memory.ts'
import { createMemoryLedger } from './stores/ledger-memory.ts'
import type { Ledger } from './stores/ledger.ts'
import { createLog, type Log } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { createUpstream } from './upstream/client.ts'
import type { Upstream } from './upstream/upstream.ts'
import { version } from './version.ts'

/** What the world lends the gateway; each has a default, tests bring their own. */
export interface Ports {
  ledger: Ledger
  upstream: Upstream
  log: Log
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds on a clock that never jumps. */
  nowMs: () => number
  /** [0, 1) */
  random: () => number
  /** Told of every finished call. */
  afterCall: () => void
  env: Record<string, string | undefined>
}

export interface Gateway {
  fastify: FastifyInstance
  ledger: Ledger
  /** Resolves with the address, e.g. `http://127.0.0.1:8080`. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Takes a new configuration; running calls end under their old one. */
  reload(loaded: LoadedConfig): void
  /** Stops taking calls, lets running ones end within the drain timeout, closes the ledger. */
  close(): Promise<void>
}

const llmRoutes = [
  { path: '/v1/chat/completions', dialect: 'openai-chat' },
  { path: '/v1/completions', dialect: 'openai-completions' },
  { path: '/v1/embeddings', dialect: 'openai-embeddings' },
] as const

/** Builds the gateway without side effects but those of its ports; `listen` opens the door. */
export async function createGateway(loaded: LoadedConfig, ports: Partial<Ports> = {}): Promise<Gateway> {
  const { config } = loaded
  const shared = await createShared(loaded, ports)
  let runtime = createRuntime(loaded, shared)
  let draining = false
  const calls = new Set<AbortController>()
  const fastify = createFastify(loaded, shared.log)

  registerAccess(fastify, () => runtime)
  fastify.addHook('onRequest', (request, _reply, done) => {
    const watches = request.routeOptions.url === '/health' || request.routeOptions.url === '/ready'
    done(draining && !watches ? new GatewayError('shutting_down', 'The gateway is shutting down.') : undefined)
  })
  if (config.server.cors.enabled) await registerCors(fastify, () => runtime)
  registerLlmRoutes(fastify, {
    routes: llmRoutes.flatMap(({ path, dialect }): LlmRoute[] => {
      const found = findDialect(dialect)
      return found === undefined ? [] : [{ path, dialect: found }]
    }),
    stages: () => runtime.stages,
    settings: () => ({
      bodyLimit: runtime.config.server.bodyLimit,
      writeTimeoutMs: runtime.config.server.writeTimeout,
    }),
    calls,
    inFlight: (delta) => shared.metrics.inFlight(delta),
    now: shared.now,
    nowMs: shared.nowMs,
    newId: randomUUID,
  })
  registerOpsRoutes(fastify, {
    ...shared,
    version,
    startedAt: shared.now(),
    current: () => ({ ...runtime, notices: runtime.loaded.notices }),
    draining: () => draining,
    metricsPath: config.metrics.enabled ? config.metrics.endpoint : undefined,
  })

  return {
    fastify,
    ledger: shared.ledger,
    listen: ({ host, port }) => fastify.listen({ host, port, backlog: 8192 }),
    reload(next) {
      runtime = createRuntime(next, shared)
    },
    async close() {
      draining = true
      await drain(fastify, calls, runtime.config.server.drainTimeout)
      await shared.upstream.close()
      await shared.ledger.close()
    },
  }
}

async function createShared({ config }: LoadedConfig, ports: Partial<Ports>): Promise<Shared> {
  const { now = Date.now, nowMs = () => performance.now(), random = Math.random, env = {} } = ports
  const metrics = createMetrics()
  const log =
    ports.log ?? (await createLog({ level: config.logging.level, format: config.logging.format, secrets: () => [] }))
  return {
    ledger: ports.ledger ?? createMemoryLedger(),
    counter: createMemoryCounter({ now }),
    cache: createMemoryCache({ maxBytes: config.cache.maxSize, now }),
    flights: new Map(),
    breaker: createBreaker(nowMs, (key, open) => {
      const slash = key.indexOf('/')
      metrics.breaker(key.slice(0, slash), key.slice(slash + 1), open)
      log.warn({ target: key, open }, open ? 'circuit opened: the target failed too often' : 'circuit closed')
    }),
    health: createProviderHealth(now),
    upstream: ports.upstream ?? createUpstream(config.network, env),
    metrics,
    log,
    now,
    nowMs,
    random,
    afterCall: ports.afterCall ?? (() => undefined),
  }
}

function createFastify({ config }: LoadedConfig, log: Log): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: config.server.bodyLimit,
    requestTimeout: config.server.readTimeout,
    keepAliveTimeout: 72_000,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // Fastify's own answer while closing is in nobody's dialect.
    return503OnClosing: false,
    http: { noDelay: true },
    clientErrorHandler: refuseRaw,
  })
  app.setErrorHandler((error, request, reply) => {
    void sendError(reply, error)
    const { stack } = error as Error
    if (reply.statusCode >= 500)
      log.error({ method: request.method, route: request.routeOptions.url, error: stack }, 'unexpected error')
  })
  app.setNotFoundHandler((request, reply) => sendError(reply, notFound(request)))
  // Fastify waits for kept-alive connections of streams that were open at shutdown (fastify#7044): close them as they idle.
  let idle: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    idle = setInterval(() => app.server.closeIdleConnections(), 50)
  })
  app.addHook('onClose', async () => clearInterval(idle))
  return app
}

function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, headers, body } = encodeGatewayError(error)
  return reply.code(status).headers(headers).send(body)
}

/** What never became a request: no HTTP, a head that is too large, a body that took too long. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = rawStatuses[error.code ?? ''] ?? '400 Bad Request'
  const { message, type, code } = new GatewayError('invalid_request', `The request was not understood: ${status}.`)
  const body = JSON.stringify({ error: { message, type, param: null, code } })
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`, () => socket.destroy())
}

const rawStatuses: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function notFound(request: FastifyRequest): GatewayError {
  return new GatewayError(
    'not_found',
    `There is nothing at ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}.`,
  )
}

async function registerCors(app: FastifyInstance, runtime: () => Runtime): Promise<void> {
  const { fastifyCors } = await import('@fastify/cors')
  await app.register(fastifyCors, {
    origin: (origin, done) => {
      const { allowedOrigins } = runtime().config.server.cors
      done(null, origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin))
    },
    exposedHeaders: [
      'x-cache',
      'x-gateway-request-id',
      'x-gateway-provider',
      'x-gateway-model',
      'x-gateway-attempts',
      'x-gateway-cost',
      'x-gateway-warnings',
      'retry-after',
      'x-request-id',
    ],
    maxAge: 600,
  })
}

/** New connections are refused at once; calls that are not done in time are ended in their dialect. */
async function drain(app: FastifyInstance, calls: Set<AbortController>, timeoutMs: number): Promise<void> {
  const late = setTimeout(() => {
    for (const call of calls) call.abort(new GatewayError('shutting_down', 'The gateway is shutting down.'))
  }, timeoutMs)
  const hopeless = setTimeout(() => app.server.closeAllConnections(), timeoutMs + 2000)
  await app.close()
  clearTimeout(late)
  clearTimeout(hopeless)
}
