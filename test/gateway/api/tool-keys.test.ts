import { describe, expect, test } from 'vitest'
import { toolKeyEdits, toolKeyHash, toolKeyName, toolOfKeyName } from '../../../gateway/api/tool-keys.ts'

const data = {
  auth: {
    keys: [
      { name: 'mine', key: '${GATEWAY_KEY_MINE}' },
      { name: 'codex', hash: 'sha256:old', models: ['fast'] },
    ],
  },
}

describe('a name that the user wrote out is left to the user', () => {
  test.each([
    ['codex', 'codex'],
    ['mine', 'mine-2'],
    ['new', 'new'],
  ])('%s', (tool, name) => expect(toolKeyName(data, tool)).toBe(name))
})

describe('edits', () => {
  test.each<[string, string | undefined, object[]]>([
    ['new', 'sha256:x', [{ path: ['auth', 'keys', 2], value: { name: 'new', hash: 'sha256:x' } }]],
    ['codex', 'sha256:x', [{ path: ['auth', 'keys', 1, 'hash'], value: 'sha256:x' }]],
    ['codex', 'sha256:old', []],
    ['codex', undefined, [{ path: ['auth', 'keys', 1], value: undefined }]],
    ['new', undefined, []],
    ['mine', undefined, []],
  ])('%s: %s', (name, hash, edits) => expect(toolKeyEdits(data, name, hash)).toEqual(edits))

  test('without any keys', () => {
    expect(toolKeyEdits({}, 'a', 'sha256:x')).toEqual([
      { path: ['auth', 'keys', 0], value: { name: 'a', hash: 'sha256:x' } },
    ])
  })
})

test('the hash of a name', () => {
  expect(toolKeyHash(data, 'codex')).toBe('sha256:old')
  expect(toolKeyHash(data, 'mine')).toBeUndefined()
})

test("which names are a tool's own", () => {
  const tools = [{ id: 'codex' }, { id: 'claude-code' }]
  const ids = ['codex', 'codex-2', 'claude-code', 'codex-x', 'codexx', 'mine'].map(
    (name) => toolOfKeyName(name, tools)?.id,
  )
  expect(ids).toEqual(['codex', 'codex', 'claude-code', undefined, undefined, undefined])
})
