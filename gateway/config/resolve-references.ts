import type { Environment } from './interpolate.ts'
import { findReferences } from './interpolate.ts'
import { parseYaml } from './yaml-source.ts'

/** What this room must know of the stores of keys (`Secrets` in the room above is one). */
export interface SecretLookup {
  get(name: string): Promise<{ value: string } | undefined>
}

export interface ResolvedReferences {
  /** The environment, with what the stores say of the names the text refers to. */
  env: Environment
  /** Names without a default that are nowhere. */
  missing: string[]
  /** Why a store could not be asked, and what to do; each once. */
  problems: string[]
}

/** Asks for every `${NAME}` of a text. A store that cannot be asked is a problem, not a failure: the rest still loads. */
export async function resolveReferences(
  text: string,
  { secrets, env }: { secrets: SecretLookup; env: Environment },
): Promise<ResolvedReferences> {
  const references = findReferences(parseYaml(text))
  const found: Record<string, string> = {}
  const problems = new Set<string>()
  for (const name of new Set(references.map((reference) => reference.name))) {
    try {
      const secret = await secrets.get(name)
      if (secret !== undefined) found[name] = secret.value
    } catch (error) {
      problems.add(error instanceof Error ? error.message : String(error))
    }
  }
  const all = { ...env, ...found }
  const needed = references.filter(({ hasDefault, name }) => !hasDefault && (all[name] ?? '') === '')
  return { env: all, missing: [...new Set(needed.map(({ name }) => name))], problems: [...problems] }
}
