import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Keys that this gateway gives out: `gw-<id>-<secret>`. The id is public and finds the entry; the secret has 256 random
 * bits, so one salted SHA-256 is as hard to turn round as any slow hash, and is cheap enough to be made for every call
 * (docs/decisions/2026-11-24-salted-client-keys.md).
 */

const idBytes = 6
const secretBytes = 32
const saltBytes = 16

/** 12 hexadecimal digits, and 43 characters for 32 bytes. */
const keyPattern = /^gw-([0-9a-f]{12})-[\w-]{43}$/

/** `s2:<id>:<salt>:<SHA-256 of salt and key>`, or of old and of keys made elsewhere `sha256:<SHA-256 of the key>`. */
export const keyHashPattern = /^(?:sha256:[0-9a-f]{64}|s2:[0-9a-f]{12}:[0-9a-f]{32}:[0-9a-f]{64})$/

/** A key for a client of this gateway. Its beginning says what it is to whoever finds it. */
export function newClientKey(): string {
  return `gw-${randomBytes(idBytes).toString('hex')}-${randomBytes(secretBytes).toString('base64url')}`
}

/** As `auth.keys[].hash` holds it. The salt is new each time, so compare with `matchesKeyHash`. */
export function hashClientKey(key: string): string {
  const id = keyIdOf(key)
  if (id === undefined) return `sha256:${hash('sha256', key, 'hex')}`
  const salt = randomBytes(saltBytes).toString('hex')
  return `s2:${id}:${salt}:${hash('sha256', salt + key, 'hex')}`
}

/** What a stored hash says, ready to be compared with. */
export interface KeyDigest {
  /** Of the key it is of; undefined in the unsalted form. */
  id: string | undefined
  salt: string
  /** In hexadecimal digits, as ASCII: made so, it costs half as much as raw bytes do. */
  digest: Buffer
}

/** Of a hash that fits `keyHashPattern`. */
export function readKeyHash(text: string): KeyDigest {
  const [form, ...parts] = text.split(':')
  const [id, salt = ''] = form === 's2' ? parts : []
  return { id, salt, digest: Buffer.from(parts.at(-1) ?? '', 'latin1') }
}

/** The public part of a key of this gateway; undefined for any other text. */
export function keyIdOf(key: string): string | undefined {
  return keyPattern.exec(key)?.[1]
}

/** In constant time: how long it takes says nothing about how much of the key was right. */
export function matchesDigest({ salt, digest }: KeyDigest, key: string): boolean {
  const found = Buffer.from(hash('sha256', salt + key, 'hex'), 'latin1')
  return found.length === digest.length && timingSafeEqual(found, digest)
}

export function matchesKeyHash(text: string, key: string): boolean {
  return keyHashPattern.test(text) && matchesDigest(readKeyHash(text), key)
}
