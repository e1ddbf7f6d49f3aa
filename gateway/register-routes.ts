import type { FastifyInstance } from 'fastify'
import type { Config } from './config/schema.ts'
import { shuttingDown } from './http/drain.ts'
import { registerForwardRoutes, type ForwardPorts } from './http/forward.ts'
import { llmRoutes } from './http/llm-routes.ts'
import { registerLlmRoutes, type LlmPorts } from './http/llm.ts'
import { registerDiscoveryRoutes } from './http/discovery-routes.ts'
import { registerOllamaRoutes } from './http/discovery-ollama.ts'
import { registerModelsRoutes } from './http/models-routes.ts'
import { registerOpsRoutes } from './http/ops.ts'
import { registerResponsesRoutes } from './http/responses-routes.ts'
import { registerResponsesSocket } from './http/responses-socket.ts'
import { createCallIds } from './pipeline/call-id.ts'
import type { Runtime, Shared } from './runtime.ts'
import { version } from './version.ts'

export interface RoutePorts {
  shared: Shared
  callPorts: Pick<LlmPorts, 'stages' | 'prepare' | 'calls' | 'inFlight' | 'now' | 'nowMs'>
  runtime: () => Runtime
  isDraining: () => boolean
  /** As the process started with. */
  started: Config
}

/** Everything that is asked over HTTP but the management of the gateway. */
export function registerRoutes(
  fastify: FastifyInstance,
  { shared, callPorts, runtime, isDraining, started }: RoutePorts,
): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const watches = request.routeOptions.url === '/health' || request.routeOptions.url === '/ready'
    done(isDraining() && !watches ? shuttingDown() : undefined)
  })
  const settings = (): ReturnType<ForwardPorts['settings']> => {
    const { bodyLimit, writeTimeout: writeTimeoutMs, readTimeout: readTimeoutMs } = runtime().config.server
    return { bodyLimit, writeTimeoutMs, readTimeoutMs }
  }
  const newId = createCallIds(shared.now)
  registerLlmRoutes(fastify, { ...callPorts, routes: llmRoutes, settings, newId })
  registerForwardRoutes(fastify, { ...callPorts, settings, newId, forwarding: () => runtime().forwarding })
  registerResponsesRoutes(fastify, { responses: shared.responses, current: runtime })
  registerResponsesSocket(fastify, {
    ...callPorts,
    settings,
    newId,
    responses: shared.responses,
    paths: llmRoutes.filter(({ hasSocket }) => hasSocket).map(({ path }) => path),
    guard: (headers) => runtime().guard(headers),
    isDraining,
  })
  registerModelsRoutes(fastify, { current: runtime })
  registerOllamaRoutes(fastify, { current: runtime })
  registerDiscoveryRoutes(fastify, { current: runtime, now: shared.now })
  registerOpsRoutes(fastify, {
    ...shared,
    version,
    startedAt: shared.now(),
    current: () => ({ ...runtime(), notices: [...runtime().loaded.notices, ...shared.storeNotices()] }),
    draining: isDraining,
    metricsPath: started.metrics.enabled ? started.metrics.endpoint : undefined,
  })
}
