import { isCredentialName, isCredentialValue, mask, maskUrl } from './credentials.ts'
import { referencesIn } from './interpolate.ts'
import type { ConfigPath } from './path.ts'
import { isRecord } from './path.ts'

/** Where a key stands: a provider's key, one of its headers or of the collector's, a client's key. */
export function isKeySpot(path: ConfigPath): boolean {
  const [section, second, third, fourth] = path
  if (section === 'auth') return second === 'keys' && fourth === 'key' && path.length === 4
  if (section === 'telemetry') return second === 'otlp' && third === 'headers' && path.length === 4
  if (section !== 'providers') return false
  return (third === 'apiKey' && path.length === 3) || (third === 'headers' && path.length === 4)
}

/** A value that must not be shown or exported: a key that stands there itself, or an address that holds one. */
export function isLiteralSecret(path: ConfigPath, value: unknown): value is string {
  if (typeof value !== 'string') return false
  if (isAddressSpot(path) && value.length > longestAddress) return true
  if (isAddressSpot(path)) return maskUrl(withoutReferences(value)) !== withoutReferences(value)
  if (!isKeySpot(path)) return false
  const references = referencesIn(value)
  if (references.length > 0) return references.some(({ fallback = '' }) => isSecretText(path, fallback))
  return path.at(-2) !== 'headers' || isSecretText(path, value)
}

/** A default stands in for a real key only where it looks like one: `${KEY:-none}` for a local server does not. */
function isSecretText(path: ConfigPath, text: string): boolean {
  if (isCredentialValue(text)) return true
  // Collectors take keys by names of their own (`x-honeycomb-team`).
  const isHeader = path.at(-2) === 'headers' && path[0] !== 'telemetry'
  const isNamed = !isHeader || isCredentialName(String(path.at(-1)))
  return isNamed && text.length >= 8
}

const otherAddresses: ReadonlySet<string> = new Set(['network.proxy', 'cache.redis.url', 'telemetry.otlp.endpoint'])

function isAddressSpot(path: ConfigPath): boolean {
  const isProvidersAddress = path[0] === 'providers' && path[2] === 'baseUrl' && path.length === 3
  return isProvidersAddress || otherAddresses.has(path.join('.'))
}

/** A key under a name that is misspelt (`apikey: sk-...`), or a whole section where a key should stand. */
function isMisplacedSecret(path: ConfigPath, value: unknown): boolean {
  if (isKeySpot(path)) return typeof value === 'object' && value !== null
  const isNamed = typeof path.at(-1) === 'string' && isCredentialName(String(path.at(-1)))
  return isNamed && typeof value === 'string' && referencesIn(value).length === 0 && value.length >= 8
}

/** Longer ones are no addresses, and looking for what is secret in them takes too long. */
const longestAddress = 4096

/** `${...}` is no secret, so masking an address must not see it. */
function withoutReferences(text: string): string {
  return text.replaceAll(/(?:[?&][^=&#]+=|:)?\$\{[^}]*\}@?/g, '')
}

/** Data of a file as it may be shown. `path` is where it stands. */
export function maskedData(value: unknown, path: ConfigPath = []): unknown {
  if (isLiteralSecret(path, value)) return isAddressSpot(path) && value.length <= longestAddress ? maskUrl(value) : mask
  if (isMisplacedSecret(path, value)) return mask
  if (Array.isArray(value)) return value.map((item, index) => maskedData(item, [...path, index]))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskedData(member, [...path, key])]))
}

export interface LiteralSecret {
  path: ConfigPath
  value: string
}

/** Every secret that stands in the data itself, in the order of the file. */
export function findLiteralSecrets(value: unknown, path: ConfigPath = []): LiteralSecret[] {
  if (isLiteralSecret(path, value)) return [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return members.flatMap(([key, member]) => findLiteralSecrets(member, [...path, key]))
}
