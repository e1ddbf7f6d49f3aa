import { hash } from 'node:crypto'
import type { Path } from './edit.ts'
import { isSame } from './edit.ts'
import { findWrittenKey, isEmpty, readText, takeBackValues, type Written } from './file-edits.ts'
import type { Format } from './formats/format.ts'
import { unmaskKey } from './key-mask.ts'
import { mergeTexts } from './lines.ts'

/** What is remembered of a file that was edited. */
export interface KeptFile {
  /** Absolute. */
  path: string
  /** As it was before; undefined: it was not there. */
  before: string | undefined
  /** SHA-256 of the text that was written. */
  afterHash: string
  /** That text with the key masked. */
  after: string
  written: Written[]
  /** The uppermost folder that was made for it. */
  madeFolder?: string | undefined
}

export interface Undone {
  outcome: 'restored' | 'cleaned' | 'removed' | 'untouched'
  /** undefined: there is to be no file. */
  text: string | undefined
  /** Values of ours that somebody else has changed since; they stay. */
  left: Path[]
}

export function hashOfText(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * How the file is without what was written into it. As it was written, its old text comes back byte for byte; changed
 * since, the changes of others stay, but for values that are to be written again. Throws SyntaxProblem for a text that is not valid any more.
 */
export function undoFile(format: Format, kept: KeptFile, now: string | undefined, again: readonly Path[] = []): Undone {
  if (now === undefined) return { outcome: 'untouched', text: undefined, left: [] }
  if (hashOfText(now) === kept.afterHash) {
    return { outcome: kept.before === undefined ? 'removed' : 'restored', text: kept.before, left: [] }
  }
  const { text: cleaned, left } = takeBackValues(format, now, kept.written, again)
  const merged = left.length === 0 ? mergedText(format, kept, { now, cleaned }) : undefined
  const text = merged ?? cleaned
  if (kept.before === undefined && holdsNothing(format, text)) return { outcome: 'removed', text: undefined, left }
  if (text === now) return { outcome: 'untouched', text, left }
  return { outcome: text === kept.before ? 'restored' : 'cleaned', text, left }
}

/** Line by line our change is taken out again, which also brings back blank lines and commas. It must mean the same. */
function mergedText(
  format: Format,
  { before = '', after, written }: KeptFile,
  { now, cleaned }: { now: string; cleaned: string },
): string | undefined {
  const key = findWrittenKey(format, now, written)
  const merged = mergeTexts(key === undefined ? after : unmaskKey(after, key), now, before)
  if (merged === undefined) return undefined
  try {
    return isSame(readText(format, merged), readText(format, cleaned)) ? merged : undefined
  } catch {
    return undefined
  }
}

function holdsNothing(format: Format, text: string): boolean {
  return isEmpty(readText(format, text)) && /^[\s{}\uFEFF]*$/.test(text)
}
