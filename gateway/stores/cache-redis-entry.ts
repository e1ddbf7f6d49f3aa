import { promisify } from 'node:util'
import { constants, deflateRaw, inflateRaw } from 'node:zlib'
import type { CachedAnswer } from './cache.ts'

/** What is said of an entry beside its body. */
export interface EntryNote extends Omit<CachedAnswer, 'body'> {
  encoding: 'raw' | 'deflate'
  /** Of the body as it was, bytes. */
  length: number
}

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

/** Below it, packing costs more than it saves. */
const packedFrom = 1024
/** Answers are at most some hundred KB; another number than that was not written by a gateway. */
const longestBody = 64 * 1024 * 1024

/** Packed in another thread: 1 MB takes 10 ms. */
export async function packEntry({ body, ...about }: CachedAnswer): Promise<{ note: string; body: Uint8Array }> {
  const packed = body.byteLength < packedFrom ? undefined : await deflate(body, { level: constants.Z_BEST_SPEED })
  const isSmaller = packed !== undefined && packed.byteLength < body.byteLength
  const note: EntryNote = { ...about, encoding: isSmaller ? 'deflate' : 'raw', length: body.byteLength }
  return { note: JSON.stringify(note), body: isSmaller ? packed : body }
}

/** undefined where it is not as this version writes it. */
export async function unpackEntry(noteText: string, body: Uint8Array): Promise<CachedAnswer | undefined> {
  const note = readNote(noteText)
  if (note === undefined) return undefined
  const { encoding, length, ...about } = note
  try {
    const whole = encoding === 'raw' ? body : await inflate(body, { maxOutputLength: Math.max(1, length) })
    return whole.byteLength === length ? { ...about, body: new Uint8Array(whole) } : undefined
  } catch {
    return undefined
  }
}

export function readNote(text: string): EntryNote | undefined {
  try {
    const note = JSON.parse(text) as Partial<EntryNote>
    const { model, provider, providerModel, storedAt, encoding, length } = note
    const hasTexts = [model, provider, providerModel].every((each) => typeof each === 'string')
    const hasNumbers = [storedAt, length].every((each) => typeof each === 'number') && (length ?? 0) <= longestBody
    return hasTexts && hasNumbers && (encoding === 'raw' || encoding === 'deflate') ? (note as EntryNote) : undefined
  } catch {
    return undefined
  }
}
