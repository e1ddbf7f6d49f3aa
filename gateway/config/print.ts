import { stringify } from 'yaml'
import { z } from 'zod'
import { isCredentialName, isCredentialValue, mask, maskUrl } from './credentials.ts'
import { escapeReferences } from './interpolate.ts'
import { isRecord } from './path.ts'
import type { Config, ConfigInput } from './schema.ts'
import { configSchema } from './schema.ts'

const heading = '# The effective configuration: defaults filled in, secrets masked.\n'

/** The configuration as a file that would load again, with units, and with `***` for every secret. */
export function effectiveConfigYaml(config: Config): string {
  const masked = maskSecrets(toConfigInput(config))
  return heading + stringify(escapeAll(withoutUndefined(masked)), { lineWidth: 0, aliasDuplicateObjects: false })
}

/** The configuration as it would be written in a file: durations and sizes in units again. Secrets are in it. */
export function toConfigInput(config: Config): ConfigInput {
  return z.encode(configSchema, config)
}

function maskSecrets(input: ConfigInput): ConfigInput {
  return {
    ...input,
    ...(input.providers && { providers: input.providers.map(maskProvider) }),
    ...(input.auth?.keys && { auth: { ...input.auth, keys: input.auth.keys.map(maskClientKey) } }),
    ...(input.network?.proxy !== undefined && {
      network: { ...input.network, proxy: maskUrl(input.network.proxy) },
    }),
    ...(input.cache?.redis?.url !== undefined && {
      cache: { ...input.cache, redis: { ...input.cache.redis, url: maskUrl(input.cache.redis.url) } },
    }),
    ...(input.telemetry?.otlp && { telemetry: { ...input.telemetry, otlp: maskOtlp(input.telemetry.otlp) } }),
  }
}

type ProviderInput = NonNullable<ConfigInput['providers']>[number]
type OtlpInput = NonNullable<NonNullable<ConfigInput['telemetry']>['otlp']>
type ClientKeyInput = NonNullable<NonNullable<ConfigInput['auth']>['keys']>[number]

function maskProvider(provider: ProviderInput): ProviderInput {
  const { apiKey, baseUrl, headers } = provider
  return {
    ...provider,
    ...(apiKey !== undefined && { apiKey: mask }),
    ...(baseUrl !== undefined && { baseUrl: maskUrl(baseUrl) }),
    ...(headers !== undefined && { headers: maskHeaders(headers) }),
  }
}

/** Whatever they are called: what a collector asks for is a key. */
function maskOtlp(otlp: OtlpInput): OtlpInput {
  const { endpoint, headers } = otlp
  return {
    ...otlp,
    endpoint: maskUrl(endpoint),
    ...(headers !== undefined && { headers: mapMembers(headers, () => mask) as Record<string, string> }),
  }
}

function maskHeaders(headers: Record<string, string>): Record<string, string> {
  const isSecret = (name: string, value: string) => isCredentialName(name) || isCredentialValue(value)
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name, value) ? mask : maskUrl(value)]),
  )
}

function maskClientKey(clientKey: ClientKeyInput): ClientKeyInput {
  return clientKey.key === undefined ? clientKey : { ...clientKey, key: mask }
}

function escapeAll(value: unknown): unknown {
  if (typeof value === 'string') return escapeReferences(value)
  if (Array.isArray(value)) return value.map(escapeAll)
  return isRecord(value) ? mapMembers(value, escapeAll) : value
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (!isRecord(value)) return value
  const present = Object.entries(value).filter(([, member]) => member !== undefined)
  return mapMembers(Object.fromEntries(present), withoutUndefined)
}

function mapMembers(value: Record<string, unknown>, change: (member: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]))
}
