import { maskUrl } from '../config/credentials.ts'
import { referencesIn } from '../config/interpolate.ts'
import { isRecord, valueAt } from '../config/path.ts'
import type { ProviderConfig } from '../config/schema.ts'
import type { KeyState, Provider as ProviderView } from '../contract.ts'
import type { Breaker } from '../pipeline/breaker.ts'
import type { HealthRecord } from '../pipeline/health.ts'
import type { Probe, ProbeResult } from '../pipeline/probe.ts'
import type { RoutingTable } from '../pipeline/route.ts'
import { isChatDialect } from '../providers/choose-endpoints.ts'
import type { Provider } from '../providers/types.ts'
import { providerState } from './provider-status.ts'

/** What the handlers look at of the configuration in force; a Runtime is one. */
export interface RoutingView {
  providers: Provider[]
  table: RoutingTable
  probe: Probe
}

export interface ProviderFacts {
  provider: Provider
  config: Pick<ProviderConfig, 'baseUrl' | 'dialects' | 'headers'>
  /** Its `headers` as they stand in the text, references as references. */
  writtenHeaders: unknown
  key: KeyState
  record: HealthRecord
  checked: ProbeResult | undefined
  circuits: ReturnType<Breaker['open']>
  aliases: string[]
}

export function providerView(facts: ProviderFacts): ProviderView {
  const { provider, config, record, checked, circuits } = facts
  const { row, timeouts, name } = provider
  const own = circuits.filter(({ key }) => key.startsWith(`${name}/`))
  return {
    name,
    type: row.id,
    title: row.name,
    dialect: provider.endpoints[0]?.dialect ?? row.endpoints[0]?.dialect ?? 'openai-chat',
    dialects: config.dialects ?? null,
    speaks: provider.endpoints.map(({ dialect }) => dialect).filter(isChatDialect),
    baseUrl: maskUrl(config.baseUrl ?? addressOf(provider)),
    hasOwnBaseUrl: config.baseUrl !== undefined,
    models: provider.models ?? null,
    apiVersion: provider.apiVersion ?? null,
    deployments: provider.deployments,
    headers: headersOf(facts.writtenHeaders, config.headers),
    modelMap: provider.modelMap,
    priority: provider.priority,
    timeoutMs: timeouts.totalMs,
    connectTimeoutMs: timeouts.connectMs,
    firstTokenTimeoutMs: timeouts.firstTokenMs ?? null,
    idleTimeoutMs: timeouts.idleMs,
    maxRetries: provider.maxRetries,
    key: facts.key,
    state: providerState({ provider, record, checked, openCircuits: own.length }),
    problem: problemOf(facts),
    attempts: record.attempts,
    failures: record.failures,
    latencyMs: record.latencyMs ?? null,
    lastSuccessAt: record.lastSuccessAt ?? null,
    lastFailure: failureOf(record),
    openCircuits: own.map(({ key, opensInMs }) => ({ model: key.slice(name.length + 1), retryInMs: opensInMs })),
    aliases: facts.aliases,
  }
}

/** Their names and whether they have a value: any of them may be a key. */
function headersOf(written: unknown, loaded: Record<string, string> = {}): ProviderView['headers'] {
  return Object.keys({ ...(isRecord(written) ? written : {}), ...loaded }).map((name) => {
    const value = valueAt(written, [name])
    const [reference] = typeof value === 'string' ? referencesIn(value) : []
    return { name, state: Object.hasOwn(loaded, name) ? 'set' : 'missing', reference: reference?.name ?? null }
  })
}

function failureOf({ lastFailure }: HealthRecord): ProviderView['lastFailure'] {
  if (lastFailure === undefined) return null
  return { at: lastFailure.at, status: lastFailure.status ?? null, code: lastFailure.code ?? null }
}

function addressOf({ endpoints: [main] }: Provider): string {
  return main === undefined ? '' : main.origin + main.basePath
}

function problemOf({ provider, key, checked }: ProviderFacts): string | null {
  return plainProblem(provider, key.reference ?? undefined) ?? checked?.reason ?? null
}

/** In the window's terms where it is about the key: nobody there edits `providers[0].apiKey`. */
export function plainProblem(
  { problem, endpoints, row }: Pick<Provider, 'problem' | 'endpoints' | 'row'>,
  reference: string | undefined = row.keyEnv,
): string | undefined {
  // Where there is an address, a key is all that can be missing.
  if (problem === undefined || endpoints.length === 0) return problem
  const orVariable = reference === undefined ? '' : `, or set the environment variable ${reference}`
  return `It has no key yet: add one${orVariable}.`
}

export function aliasesOf(provider: string, table: RoutingTable): string[] {
  return [...table.aliases].flatMap(([alias, targets]) =>
    targets.some((target) => target.provider === provider) ? [alias] : [],
  )
}
