import { findReferences, referencesIn } from './interpolate.ts'
import type { LiteralSecret } from './key-spots.ts'
import { findLiteralSecrets } from './key-spots.ts'
import { readConfigData } from './load.ts'
import type { ConfigPath } from './path.ts'
import { valueAt } from './path.ts'
import type { KnownProvider } from './references.ts'
import type { ConfigEdit } from './save.ts'
import { parseYaml } from './yaml-source.ts'

/** A secret that stood in the text, and the reference that stands there instead. */
export interface NamedSecret extends LiteralSecret {
  name: string
  /** It was the default of a reference of that name, which counts where there is one. */
  isDefault: boolean
  edit: ConfigEdit
}

export interface NamingOptions {
  knownProviders: readonly KnownProvider[]
  /** Which of the secrets; absent: all. */
  only?: (path: ConfigPath) => boolean
  /** What a name stands for elsewhere already; such a name is not used for another value. */
  lookup?: (name: string) => Promise<string | undefined>
}

/** Finds a name for every secret that stands in the text itself: `${OPENAI_API_KEY}`, else `${<PROVIDER>_API_KEY}`, ... */
export async function nameSecrets(text: string, options: NamingOptions): Promise<NamedSecret[]> {
  const { knownProviders, only = () => true, lookup = async () => undefined } = options
  const data = readConfigData(text)
  const referred = new Set(findReferences(parseYaml(text)).map(({ name }) => name))
  const given = new Map<string, string>()
  const isFree = async (name: string, value: string): Promise<boolean> => {
    if (given.has(name)) return given.get(name) === value
    if (referred.has(name)) return false
    return ((await lookup(name)) ?? value) === value
  }
  const named: NamedSecret[] = []
  for (const secret of findLiteralSecrets(data).filter(({ path }) => only(path))) {
    const standing = defaultOf(secret)
    const name = standing?.name ?? (await firstFree(candidates(data, secret.path, knownProviders), secret, isFree))
    given.set(name, secret.value)
    named.push(standing ?? { ...secret, name, isDefault: false, edit: { path: secret.path, value: `\${${name}}` } })
  }
  return named
}

/** `${KEY:-sk-...}` becomes `${KEY}`. */
function defaultOf({ path, value }: LiteralSecret): NamedSecret | undefined {
  const reference = referencesIn(value).find(({ fallback = '' }) => fallback !== '')
  if (reference === undefined) return undefined
  const bare = value.replaceAll(/\$\{(\w+):-[^}]*\}/g, (_, name: string) => `\${${name}}`)
  return { path, value: reference.fallback ?? '', name: reference.name, isDefault: true, edit: { path, value: bare } }
}

async function firstFree(
  names: string[],
  { value }: LiteralSecret,
  isFree: (name: string, value: string) => Promise<boolean>,
): Promise<string> {
  for (const name of names) if (await isFree(name, value)) return name
  for (let number = 2; ; number += 1) {
    const name = `${names.at(-1)}_${number}`
    if (await isFree(name, value)) return name
  }
}

function candidates(data: unknown, path: ConfigPath, table: readonly KnownProvider[]): string[] {
  const [section, , key, header] = path
  if (section === 'network') return ['GATEWAY_PROXY']
  if (section === 'cache') return ['REDIS_URL']
  if (section === 'telemetry') return [key === 'headers' ? variable(`OTLP_${String(header)}`) : 'OTLP_ENDPOINT']
  const owner = valueAt(data, path.slice(0, section === 'auth' ? 3 : 2))
  const name = textAt(owner, 'name') ?? String(section)
  if (section === 'auth') return [`GATEWAY_KEY_${upperCase(name)}`]
  if (key === 'headers') return [variable(`${name}_${String(header)}`)]
  if (key === 'baseUrl') return [variable(`${name}_BASE_URL`)]
  const own = variable(`${name}_API_KEY`)
  const keyEnv = keyNameOf(textAt(owner, 'type') ?? name, table)
  return keyEnv === undefined ? [own] : [keyEnv, own]
}

function textAt(data: unknown, key: string): string | undefined {
  const value = valueAt(data, [key])
  return typeof value === 'string' ? value : undefined
}

function keyNameOf(id: string, table: readonly KnownProvider[]): string | undefined {
  const row = table.find((row) => row.id === id || row.aliases?.includes(id) === true)
  return row?.keyEnv
}

function variable(text: string): string {
  const name = upperCase(text)
  return /^\d/.test(name) ? `_${name}` : name
}

function upperCase(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
}
