import { hash } from 'node:crypto'
import { isRecord } from './edit.ts'

/** Stands for the key in everything that is kept or shown. No configuration file has this text. */
export const keyMark = '«llm-gateway-key»'

/** The value, or text, with the mark wherever the key stands. `undefined`: there is no key to hide. */
export function maskKey<T>(value: T, key: string | undefined): T {
  return key === undefined ? value : (replaceTexts(value, (text) => text.replaceAll(key, keyMark)) as T)
}

export function unmaskKey<T>(value: T, key: string): T {
  return replaceTexts(value, (text) => text.replaceAll(keyMark, () => key)) as T
}

function replaceTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map((item: unknown) => replaceTexts(item, replace))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaceTexts(member, replace)]))
}

/** The key as it stands in the data now, at the place where it was written. */
export function findKey(masked: unknown, now: unknown): string | undefined {
  if (typeof masked === 'string') return typeof now === 'string' ? keyIn(masked, now) : undefined
  if (Array.isArray(masked))
    return firstOf(masked, (item, index) => findKey(item, Array.isArray(now) ? now[index] : undefined))
  if (!isRecord(masked)) return undefined
  return firstOf(Object.entries(masked), ([name, member]) => findKey(member, isRecord(now) ? now[name] : undefined))
}

function keyIn(masked: string, now: string): string | undefined {
  const [before, after, ...more] = masked.split(keyMark)
  if (before === undefined || after === undefined || more.length > 0) return undefined
  const isThere = now.length > before.length + after.length && now.startsWith(before) && now.endsWith(after)
  return isThere ? now.slice(before.length, now.length - after.length) : undefined
}

function firstOf<T>(items: readonly T[], find: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index)
    if (found !== undefined) return found
  }
  return undefined
}

/** By which a key that was written is known again, without being kept. */
export function hashOfKey(key: string): string {
  return `sha256:${hash('sha256', key, 'hex')}`
}

const shownCharacters = 4

/** For people: a key's last four characters, `••••` for one that is too short for that. */
export function shownKey(key: string): string {
  return key.length < 3 * shownCharacters ? '••••' : `••••${key.slice(-shownCharacters)}`
}
