import { hash } from 'node:crypto'
import { keyIdOf, matchesDigest, readKeyHash, type KeyDigest } from '../config/client-key.ts'
import type { Config } from '../config/schema.ts'

export type ClientKey = Config['auth']['keys'][number]

/** What a token turned out to be. */
export interface FoundKey {
  key: ClientKey
  /** It is the one that was replaced, and this is the moment from which it is not taken any more. */
  replacedUntil: number | undefined
}

interface Entry extends FoundKey {
  digest: KeyDigest
}

/** Of an unsalted digest, to find it by; the comparison of the whole follows. */
const handleLength = 16

/**
 * The keys of one configuration. A token is found in one step, however many there are: by the id that it carries, or,
 * where it carries none, by the beginning of its digest. Keys that the file holds as text are not kept as text here.
 */
export function createKeyRing(keys: readonly ClientKey[]): (token: string) => FoundKey | undefined {
  const byId = new Map<string, Entry>()
  const byDigest = new Map<string, Entry>()
  const add = (text: string, found: FoundKey): void => {
    const digest = readKeyHash(text)
    if (digest.id === undefined)
      byDigest.set(digest.digest.toString('latin1').slice(0, handleLength), { ...found, digest })
    else byId.set(digest.id, { ...found, digest })
  }
  // Replaced ones first: should a key stand in both places, it is the present one.
  for (const key of keys) {
    if (key.previous !== undefined) add(key.previous.hash, { key, replacedUntil: key.previous.expires })
  }
  for (const key of keys) {
    add(key.hash ?? `sha256:${hash('sha256', key.key ?? '', 'hex')}`, { key, replacedUntil: undefined })
  }

  return (token) => {
    const id = keyIdOf(token)
    const entry = id === undefined ? undefined : byId.get(id)
    if (entry !== undefined && matchesDigest(entry.digest, token)) return entry
    if (byDigest.size === 0) return undefined
    const plain = byDigest.get(hash('sha256', token, 'hex').slice(0, handleLength))
    return plain !== undefined && matchesDigest(plain.digest, token) ? plain : undefined
  }
}
