import { stringify } from 'yaml'
import type { ConfigHome } from './home.ts'
import { createTurns } from './in-turn.ts'
import type { Environment } from './interpolate.ts'
import { isKeySpot } from './key-spots.ts'
import { parseConfig, readConfigData } from './load.ts'
import type { NamedSecret } from './name-secrets.ts'
import { nameSecrets } from './name-secrets.ts'
import type { KnownProvider } from './references.ts'
import type { SecretLookup } from './resolve-references.ts'
import { resolveReferences } from './resolve-references.ts'
import { editConfigText, editsFor } from './save.ts'
import type { LoadedConfig } from './types.ts'

/** The app's settings; what is in there is the data of a gateway.yaml, with references. */
export interface ConfigStore {
  get(): object | undefined
  set(config: object): void
}

export interface SecretKeeper extends SecretLookup {
  set(name: string, value: string): Promise<unknown>
}

export interface AppHomeOptions {
  store: ConfigStore
  secrets: SecretKeeper
  env: Environment
  knownProviders: readonly KnownProvider[]
}

/** Named in problems, where a file would be. */
const label = 'settings'

/**
 * The desktop's home. A key that is nowhere never keeps it from starting: its provider loads without, with a notice. A
 * key that stands in a text that is written goes to the secrets: it never lies in the settings in plain text.
 */
export function appHome({ store, secrets, env, knownProviders }: AppHomeOptions): ConfigHome {
  const inTurn = createTurns()

  const parse = async (text: string, given: Environment = {}): Promise<LoadedConfig> => {
    const resolved = await resolveReferences(text, { secrets, env })
    const options = { file: label, env: { ...resolved.env, ...given }, knownProviders, mayMiss: () => true }
    const { file: _, ...loaded } = parseConfig(text, options)
    return { ...loaded, notices: [...resolved.problems, ...loaded.notices] }
  }
  const textNow = (): string => toText(store.get() ?? {})
  const write = async (text: string): Promise<LoadedConfig> => {
    const lookup = async (name: string) => (await secrets.get(name).catch(() => undefined))?.value
    // Faults first, at their places in the text as it was handed in.
    await parse(text)
    const found = await nameSecrets(text, { knownProviders, only: isKeySpot, lookup })
    const toKeep = await newOnes(found, lookup)
    const kept = editConfigText(
      text,
      found.map(({ edit }) => edit),
    )
    const loaded = await parse(kept, Object.fromEntries(toKeep.map(({ name, value }) => [name, value])))
    for (const { name, value } of toKeep) await secrets.set(name, value)
    store.set((readConfigData(kept) ?? {}) as object)
    return loaded
  }

  return {
    kind: 'app',
    file: undefined,
    text: async () => textNow(),
    write: (text) => inTurn(() => write(text)),
    edit: (edits) =>
      inTurn(async () => {
        const text = textNow()
        return write(editConfigText(text, editsFor(text, edits)))
      }),
    load: () => parse(textNow()),
  }
}

async function newOnes(
  found: NamedSecret[],
  lookup: (name: string) => Promise<string | undefined>,
): Promise<NamedSecret[]> {
  const missing: NamedSecret[] = []
  for (const secret of found) {
    const value = await lookup(secret.name)
    if (value === undefined || (!secret.isDefault && value !== secret.value)) missing.push(secret)
  }
  return missing
}

function toText(config: object): string {
  if (Object.keys(config).length === 0) return ''
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })
}
