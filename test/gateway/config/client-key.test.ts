import type * as Crypto from 'node:crypto'
import { hash } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import {
  hashClientKey,
  keyHashPattern,
  keyIdOf,
  matchesKeyHash,
  newClientKey,
} from '../../../gateway/config/client-key.ts'

const compared = vi.hoisted(() => ({ times: 0 }))
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof Crypto>()
  const timingSafeEqual: typeof real.timingSafeEqual = (one, other) => {
    compared.times += 1
    return real.timingSafeEqual(one, other)
  }
  return { ...real, timingSafeEqual }
})

describe('a new key', () => {
  test('says what it is, is long, and no two are the same', () => {
    expect(newClientKey()).toMatch(/^gw-[0-9a-f]{12}-[\w-]{43}$/)
    expect(newClientKey()).not.toBe(newClientKey())
  })

  test('is a token that any client can carry, with an id that is not its secret', () => {
    const key = newClientKey()
    expect(key.length).toBeLessThan(64)
    expect(keyIdOf(key)).toBe(key.slice(3, 15))
  })
})

describe('its hash', () => {
  const key = newClientKey()

  test('is salted: two of one key differ, and both match it', () => {
    const [one, other] = [hashClientKey(key), hashClientKey(key)]
    expect(one).not.toBe(other)
    expect([matchesKeyHash(one, key), matchesKeyHash(other, key)]).toEqual([true, true])
    expect(one).toMatch(keyHashPattern)
  })

  test('holds the id and nothing else of the key', () => {
    const text = hashClientKey(key)
    expect(text.startsWith(`s2:${keyIdOf(key)}:`)).toBe(true)
    expect(text).not.toContain(key.slice(16))
    expect(text).not.toContain(hash('sha256', key, 'hex'))
  })

  test('is the plain one for a key of another form', () => {
    expect(hashClientKey('my-own')).toBe(`sha256:${hash('sha256', 'my-own', 'hex')}`)
    expect(matchesKeyHash(hashClientKey('my-own'), 'my-own')).toBe(true)
  })

  test.each([
    ['another key', hashClientKey(key), newClientKey()],
    ['one character', hashClientKey(key), `${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`],
    ['cut short', hashClientKey(key), key.slice(0, -1)],
    ['nothing', hashClientKey(key), ''],
    ['the hash itself', hashClientKey(key), hashClientKey(key)],
    ['no hash', '', key],
    ['half a hash', 's2:abc:', key],
  ])('does not match %s', (_what, text, token) => expect(matchesKeyHash(text, token)).toBe(false))

  test('is compared in constant time', () => {
    const text = hashClientKey(key)
    compared.times = 0
    matchesKeyHash(text, key)
    matchesKeyHash(text, newClientKey())
    expect(compared.times).toBe(2)
  })
})
