import type { ProviderConfig } from '../config/schema.ts'
import { didYouMean } from '../config/spelling.ts'
import { possibleDialects } from './choose-endpoints.ts'
import { resolveEndpoint, resolveEndpoints } from './endpoints.ts'
import { resolveForwards } from './forwards.ts'
import { authHeaderName, headerSecrets } from './headers.ts'
import { bestPattern } from './pattern.ts'
import { findRow, rowNames } from './rows.ts'
import type { Endpoint, Provider, ProviderRow } from './types.ts'

export { findRow, providerRows } from './rows.ts'

/**
 * A provider as configured -> as called. Never throws: what is wrong stands in `problem`, so that one bad provider
 * does not keep the others from serving. `order` is its position in `providers`.
 */
export function resolveProvider(config: ProviderConfig, order: number): Provider {
  const row = rowOf(config)
  const known = row ?? (findRow('openai-compatible') as ProviderRow)
  const { apiKey } = config
  const endpoints = row === undefined ? [] : resolveEndpoints(row, config, apiKey)
  const [first] = known.endpoints
  const home = row === undefined || first === undefined ? undefined : resolveEndpoint(first, { row, config, apiKey })
  return {
    name: config.name,
    row: known,
    endpoints,
    home,
    translateTo: config.dialects === undefined ? row?.translateTo : undefined,
    forwards: row === undefined ? [] : resolveForwards(row, config, apiKey),
    models: config.models,
    priority: config.priority,
    order,
    maxRetries: config.maxRetries,
    timeouts: {
      connectMs: config.connectTimeout,
      firstTokenMs: config.ttftTimeout,
      idleMs: config.idleTimeout,
      totalMs: config.timeout,
    },
    modelMap: config.modelMap ?? {},
    deployments: config.deployments ?? {},
    apiVersion: config.apiVersion,
    secrets: [...(apiKey === undefined ? [] : [apiKey]), ...headerSecrets(config.headers ?? {})],
    problem: row === undefined ? unknownProvider(config, order) : problemOf(row, config, home, order),
  }
}

/** Its type's row, else its name's; a server nobody has heard of is taken for an OpenAI-compatible one at its URL. */
function rowOf(config: ProviderConfig): ProviderRow | undefined {
  if (config.type !== undefined) return findRow(config.type)
  return findRow(config.name) ?? (config.baseUrl === undefined ? undefined : findRow('openai-compatible'))
}

function unknownProvider(config: ProviderConfig, order: number): string {
  const wanted = config.type ?? config.name
  const what = config.type === undefined ? 'provider' : 'provider type'
  const unknown = `"${wanted}" is no known ${what}${didYouMean(wanted, rowNames())}`
  const orCompatible = `, or providers[${order}].baseUrl for an OpenAI-compatible server`
  return `${unknown}; set providers[${order}].type${config.type === undefined ? orCompatible : ''}`
}

function problemOf(
  row: ProviderRow,
  config: ProviderConfig,
  main: Endpoint | undefined,
  order: number,
): string | undefined {
  const at = `providers[${order}]`
  const possible = possibleDialects(row)
  const unspoken = config.dialects?.find((dialect) => !possible.includes(dialect))
  if (unspoken !== undefined)
    return `${at}.dialects: ${row.id} is not known to speak ${unspoken}; it speaks ${possible.join(', ')}`
  if (main === undefined) {
    const example = row.baseUrlExample === undefined ? '' : `, e.g. ${row.baseUrlExample}`
    return config.baseUrl === undefined
      ? `no address: set ${at}.baseUrl${example}`
      : `${at}.baseUrl is not an address that calls can go to; write it without user name, password or query${example}`
  }
  if (row.keyOptional === true || isAuthorised(row, main)) return undefined
  const example = row.keyEnv === undefined ? '' : `, e.g. \${${row.keyEnv}}`
  return `no API key: set ${at}.apiKey${example}`
}

function isAuthorised(row: ProviderRow, endpoint: Endpoint): boolean {
  const needed = authHeaderName(row.auth)
  return (
    needed === undefined || endpoint.headers[needed] !== undefined || endpoint.headers['authorization'] !== undefined
  )
}

/** The name the provider knows the model by: on Azure its deployment. */
export function upstreamModel(provider: Provider, model: string): string {
  return Object.hasOwn(provider.deployments, model) ? (provider.deployments[model] as string) : model
}

/** Path and query to call. `dialectPath` is the dialect's own, which most endpoints use. */
export function requestPath(
  provider: Provider,
  endpoint: Endpoint,
  at: { model: string; dialectPath: string },
): string {
  if (endpoint.path === undefined) return endpoint.basePath + at.dialectPath
  const model = encodeURIComponent(upstreamModel(provider, at.model))
  // A function, because `$&` in a replacement string would be a command.
  return endpoint.basePath + endpoint.path.replace('{model}', () => model)
}

/** How well the provider is known to serve a model: named, covered by a pattern, or not restricted at all. */
export function servesModel(provider: Provider, model: string): 'exact' | 'pattern' | 'any' | undefined {
  if (Object.hasOwn(provider.deployments, model) || provider.models?.includes(model) === true) return 'exact'
  if (provider.models === undefined) return 'any'
  return bestPattern(provider.models, model) === undefined ? undefined : 'pattern'
}
