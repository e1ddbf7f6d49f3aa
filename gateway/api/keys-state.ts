import type { KeyState } from '../contract.ts'
import type { FoundSecret, Secrets } from '../stores/secrets.ts'

export interface KeyFacts {
  /** NAME where the key is written as `${NAME}`. */
  reference: string | undefined
  /** As the configuration in force has it. */
  loaded: string | undefined
}

/** What may be told of a provider's key. The value itself stays here. */
export async function keyStateOf({ reference, loaded }: KeyFacts, secrets: Pick<Secrets, 'get'>): Promise<KeyState> {
  if (reference === undefined) return keyState({ reference, loaded, found: undefined })
  // A keychain that cannot be asked (locked) is told of in the status; the key in force is still known.
  const found = await secrets.get(reference).catch(() => undefined)
  return keyState({ reference, loaded, found })
}

export function keyState({ reference, loaded, found }: KeyFacts & { found: FoundSecret | undefined }): KeyState {
  const named = reference ?? null
  if (found !== undefined) {
    return { state: 'set', from: found.from, reference: named, endsWith: ending(found.value) }
  }
  if (loaded !== undefined) {
    // Written out, or the default of a reference: both stand in the file.
    return { state: 'set', from: 'config', reference: named, endsWith: ending(loaded) }
  }
  return { state: reference === undefined ? 'none' : 'missing', from: null, reference: named, endsWith: null }
}

/** Of a short key four characters would be too much of it. */
const fewestCharacters = 12

function ending(key: string): string | null {
  return key.length < fewestCharacters ? null : key.slice(-4)
}
