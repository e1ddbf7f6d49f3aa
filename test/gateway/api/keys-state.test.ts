import { describe, expect, test } from 'vitest'
import { keyState, keyStateOf } from '../../../gateway/api/keys-state.ts'
import type { KeyState } from '../../../gateway/contract.ts'

const long = 'sk-0123456789abcd'

describe('what is told of a key', () => {
  const table: [name: string, facts: Parameters<typeof keyState>[0], state: KeyState][] = [
    [
      'in the keychain',
      { reference: 'K', loaded: 'old', found: { value: long, from: 'keychain' } },
      { state: 'set', from: 'keychain', reference: 'K', endsWith: 'abcd' },
    ],
    [
      'too short to show a part of it',
      { reference: 'K', loaded: undefined, found: { value: 'sk-12345678', from: 'environment' } },
      { state: 'set', from: 'environment', reference: 'K', endsWith: null },
    ],
    [
      'written out in the file',
      { reference: undefined, loaded: long, found: undefined },
      { state: 'set', from: 'config', reference: null, endsWith: 'abcd' },
    ],
    [
      'nowhere',
      { reference: 'K', loaded: undefined, found: undefined },
      { state: 'missing', from: null, reference: 'K', endsWith: null },
    ],
    [
      'not configured',
      { reference: undefined, loaded: undefined, found: undefined },
      { state: 'none', from: null, reference: null, endsWith: null },
    ],
  ]
  test.each(table)('%s', (_name, facts, state) => {
    expect(keyState(facts)).toEqual(state)
  })

  test('a keychain that is locked does not hide the key in force', async () => {
    const locked = { get: () => Promise.reject(new Error('locked')) }
    expect(await keyStateOf({ reference: 'K', loaded: long }, locked)).toMatchObject({ state: 'set', endsWith: 'abcd' })
  })
})
