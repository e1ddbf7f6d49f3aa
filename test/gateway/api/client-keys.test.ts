import { describe, expect, test } from 'vitest'
import { clientKeyEdits, clientKeyHash, clientKeyName, newClientKey } from '../../../gateway/api/client-keys.ts'

const data = {
  auth: {
    keys: [
      { name: 'mine', key: '${GATEWAY_KEY_MINE}' },
      { name: 'codex', hash: 'sha256:old', models: ['fast'] },
    ],
  },
}

test('keys are long, and no two are the same', () => {
  expect(newClientKey()).toMatch(/^gw-[\w-]{32}$/)
  expect(newClientKey()).not.toBe(newClientKey())
})

describe('a name that the user wrote out is left to the user', () => {
  test.each([
    ['codex', 'codex'],
    ['mine', 'mine-2'],
    ['new', 'new'],
  ])('%s', (tool, name) => expect(clientKeyName(data, tool)).toBe(name))
})

describe('edits', () => {
  test.each<[string, string | undefined, object[]]>([
    ['new', 'sha256:x', [{ path: ['auth', 'keys', 2], value: { name: 'new', hash: 'sha256:x' } }]],
    ['codex', 'sha256:x', [{ path: ['auth', 'keys', 1, 'hash'], value: 'sha256:x' }]],
    ['codex', 'sha256:old', []],
    ['codex', undefined, [{ path: ['auth', 'keys', 1], value: undefined }]],
    ['new', undefined, []],
    ['mine', undefined, []],
  ])('%s: %s', (name, hash, edits) => expect(clientKeyEdits(data, name, hash)).toEqual(edits))

  test('without any keys', () => {
    expect(clientKeyEdits({}, 'a', 'sha256:x')).toEqual([
      { path: ['auth', 'keys', 0], value: { name: 'a', hash: 'sha256:x' } },
    ])
  })
})

test('the hash of a name', () => {
  expect(clientKeyHash(data, 'codex')).toBe('sha256:old')
  expect(clientKeyHash(data, 'mine')).toBeUndefined()
})
