import type { FastifyInstance } from 'fastify'
import { providerStatus } from '../api/provider-status.ts'
import { readUsage, type UsageParameters } from '../api/usage.ts'
import { GatewayError } from '../errors.ts'
import { exposureWarning } from '../config/notices.ts'
import type { Config } from '../config/schema.ts'
import type { Breaker } from '../pipeline/breaker.ts'
import type { ProviderHealth } from '../pipeline/health.ts'
import type { Probe, ProbeResult } from '../pipeline/probe.ts'
import type { Provider } from '../providers/types.ts'
import type { Cache } from '../stores/cache.ts'
import type { Ledger } from '../stores/ledger.ts'
import type { Metrics } from '../telemetry/metrics.ts'

export interface OpsPorts {
  version: string
  startedAt: number
  now: () => number
  ledger: Ledger
  cache: Cache
  metrics: Metrics
  breaker: Breaker
  health: ProviderHealth
  /** Of the configuration in force. */
  current: () => { providers: Provider[]; probe: Probe; notices: string[]; config: Config }
  draining: () => boolean
  metricsPath: string | undefined
}

/** What people and machines that run the gateway ask it. */
export function registerOpsRoutes(app: FastifyInstance, ports: OpsPorts): void {
  app.get('/health', async (_request, reply) =>
    // The header tells another copy of us who has the port.
    reply.header('x-llm-gateway', ports.version).send({
      status: 'ok',
      version: ports.version,
      uptime_seconds: Math.floor((ports.now() - ports.startedAt) / 1000),
    }),
  )

  app.get('/ready', async (_request, reply) => {
    const readiness = await readinessOf(ports)
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness)
  })

  if (ports.metricsPath !== undefined) {
    app.get(ports.metricsPath, async (_request, reply) => {
      const { contentType, text } = await ports.metrics.render()
      return reply.type(contentType).send(text)
    })
  }

  app.get<{ Querystring: UsageParameters }>('/api/v1/usage', async (request) => readUsage(request.query, ports.ledger))

  app.get('/api/v1/providers/status', async () =>
    providerStatus(ports.current().providers, { ...ports, probe: ports.current().probe }),
  )

  app.post<{ Body: unknown }>('/api/v1/cache/clear', async (request) => {
    const model = modelToClear(request.body)
    return { cleared: await ports.cache.clear(model), ...(model === undefined ? {} : { model }) }
  })
}

function modelToClear(body: unknown): string | undefined {
  if (body === undefined || body === null || body === '') return undefined
  const model = typeof body === 'object' ? (body as { model?: unknown }).model : body
  if (model === undefined || typeof model === 'string') return model
  throw new GatewayError('invalid_request', '"model" must be a string.', { param: 'model' })
}

interface Readiness {
  status: 'ready' | 'not_ready'
  /** Only where strangers can have calls answered. */
  warning?: string
  /** Why not, or what is not as it should be. */
  reasons: string[]
  providers: { name: string; ok: boolean; reason: string | null }[]
}

/** Ready when it may take calls and at least one provider would answer them. */
async function readinessOf(ports: OpsPorts): Promise<Readiness> {
  const { providers, probe, notices, config } = ports.current()
  const warning = exposureWarning(config)
  const results = await Promise.all(
    providers.map(async (provider) => ({ provider, result: await probe.check(provider) })),
  )
  const anyOk = results.some(({ result }) => result.ok)
  const reasons = [
    ...(ports.draining() ? ['shutting down'] : []),
    ...results.flatMap(({ provider, result }) => (result.ok ? [] : [`${provider.name}: ${reasonOf(result)}`])),
    ...notices,
  ]
  return {
    status: anyOk && !ports.draining() ? 'ready' : 'not_ready',
    ...(warning === undefined ? {} : { warning }),
    reasons,
    providers: results.map(({ provider, result }) => ({
      name: provider.name,
      ok: result.ok,
      reason: result.ok ? null : reasonOf(result),
    })),
  }
}

function reasonOf({ reason }: ProbeResult): string {
  return reason ?? 'not reachable'
}
