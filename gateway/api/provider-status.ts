import type { Breaker } from '../pipeline/breaker.ts'
import type { HealthRecord, ProviderHealth } from '../pipeline/health.ts'
import type { Probe, ProbeResult } from '../pipeline/probe.ts'
import type { Provider } from '../providers/types.ts'

export interface StatusPorts {
  health: ProviderHealth
  breaker: Breaker
  probe: Probe
}

export type ProviderState = 'healthy' | 'degraded' | 'down' | 'misconfigured' | 'unknown'

/** GET /api/v1/providers/status: what is known without asking anybody. */
export function providerStatus(providers: Provider[], ports: StatusPorts): object {
  return { providers: providers.map((provider) => describe(provider, ports)) }
}

function describe(provider: Provider, { health, breaker, probe }: StatusPorts): object {
  const record = health.of(provider.name)
  const checked = probe.last(provider)
  const circuits = breaker.open().filter(({ key }) => key.startsWith(`${provider.name}/`))
  return {
    name: provider.name,
    type: provider.row.id,
    status: providerState({ provider, record, checked, openCircuits: circuits.length }),
    problem: provider.problem ?? checked?.reason ?? null,
    models: provider.models ?? null,
    priority: provider.priority,
    attempts: record.attempts,
    failures: record.failures,
    consecutive_failures: record.consecutiveFailures,
    latency_ms: record.latencyMs === undefined ? null : Math.round(record.latencyMs),
    last_success: iso(record.lastSuccessAt),
    last_failure:
      record.lastFailure === undefined
        ? null
        : {
            at: iso(record.lastFailure.at),
            status: record.lastFailure.status ?? null,
            code: record.lastFailure.code ?? null,
          },
    last_check: checked === undefined ? null : { at: iso(checked.checkedAt), ok: checked.ok },
    open_circuits: circuits.map(({ key, opensInMs }) => ({
      model: key.slice(provider.name.length + 1),
      retry_in_ms: Math.ceil(opensInMs),
    })),
  }
}

export interface StateFacts {
  provider: Pick<Provider, 'problem'>
  record: HealthRecord
  checked: ProbeResult | undefined
  openCircuits: number
}

/** Live traffic weighs more than a check: a provider that answers calls is up, whatever its list of models says. */
export function providerState({ provider, record, checked, openCircuits }: StateFacts): ProviderState {
  if (provider.problem !== undefined) return 'misconfigured'
  if (record.consecutiveFailures >= 5) return 'down'
  if (openCircuits > 0 || record.consecutiveFailures > 0) return 'degraded'
  if (record.lastSuccessAt !== undefined) return 'healthy'
  if (checked === undefined) return 'unknown'
  return checked.ok ? 'healthy' : 'down'
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
