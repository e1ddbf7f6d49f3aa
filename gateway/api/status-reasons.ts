import type { ProviderHealth } from '../pipeline/health.ts'
import type { Provider } from '../providers/types.ts'
import type { Breaker } from '../pipeline/breaker.ts'
import { providerState } from './provider-status.ts'

export interface ReasonPorts {
  providers: readonly Provider[]
  health: ProviderHealth
  breaker: Breaker
  now: number
  /** Why the last call could not be put down; undefined: it was. */
  ledgerProblem: string | undefined
}

/** What failed longer ago says little: nobody has asked it since. */
const latelyMs = 15 * 60_000

/** Why the gateway runs, and yet not as it should. */
export function statusReasons({ providers, health, breaker, now, ledgerProblem }: ReasonPorts): string[] {
  const circuits = breaker.open()
  const ofProviders = providers.flatMap((provider) => {
    const record = health.of(provider.name)
    const openCircuits = circuits.filter(({ key }) => key.startsWith(`${provider.name}/`)).length
    const state = providerState({ provider, record, checked: undefined, openCircuits })
    if (state === 'misconfigured') return [`${provider.name}: ${provider.problem}`]
    const failedLately = record.lastFailure !== undefined && now - record.lastFailure.at < latelyMs
    if (state !== 'down' || !failedLately) return []
    return [
      `${provider.name}: the last ${record.consecutiveFailures} attempts failed${lastFailure(record.lastFailure)}`,
    ]
  })
  return [...(ledgerProblem === undefined ? [] : [ledgerProblem]), ...ofProviders]
}

function lastFailure(failure: { status: number | undefined; code: string | undefined } | undefined): string {
  const words = [failure?.status === undefined ? undefined : `HTTP ${failure.status}`, failure?.code]
  const text = words.filter((word) => word !== undefined).join(', ')
  return text === '' ? '' : ` (last: ${text})`
}
