import { describe, expect, test } from 'vitest'
import type { KeyState } from '../../../../gateway/contract.ts'
import {
  exportLine,
  keyDraftProblem,
  newReference,
  refersToKey,
  startKeyDraft,
  typedKey,
} from '../../../../renderer/pages/providers/key-draft.ts'

const stores = {
  keychain: { kind: 'keychain', problem: null, fileIsPossible: false },
  file: { kind: 'file', problem: 'No keychain.', fileIsPossible: true },
  none: { kind: 'none', problem: 'No keychain.', fileIsPossible: true },
} as const

test.each([
  ['keychain', 'keep'],
  ['file', 'keep'],
  ['none', 'environment'],
] as const)('with a store of kind %s a key starts as %s, and never with a consent', (kind, way) => {
  expect(startKeyDraft(stores[kind])).toEqual({ text: '', way, consentsToFile: false, isAskedFor: false })
})

describe('keyDraftProblem', () => {
  const keep = (text: string, consentsToFile = false) => ({
    text,
    way: 'keep' as const,
    consentsToFile,
    isAskedFor: false,
  })
  test.each([
    ['none', keep(''), 'keychain', undefined],
    ['pasted with a line end', keep('sk-1234567890\n'), 'keychain', undefined],
    ['two lines', keep('sk-1\nsk-2'), 'keychain', /^The key has a space or another character/],
    ['for a file without consent', keep('sk-1234567890'), 'none', 'Tick the box below to keep it in a file.'],
    ['for a file with consent', keep('sk-1234567890', true), 'none', undefined],
    ['a file that was agreed to before', keep('sk-1234567890'), 'file', undefined],
    ['from the environment', { ...keep('left over'), way: 'environment' as const }, 'none', undefined],
  ] as const)('%s', (_, draft, kind, expected) => {
    const problem = keyDraftProblem(draft, { kind })
    if (expected instanceof RegExp) expect(problem).toMatch(expected)
    else expect(problem).toBe(expected)
  })
})

test.each([
  ['nothing', { text: ' ', way: 'keep', consentsToFile: false, isAskedFor: false }, undefined],
  ['a key', { text: ' sk-1 ', way: 'keep', consentsToFile: false, isAskedFor: false }, { key: 'sk-1' }],
  [
    'a key for a file',
    { text: 'sk-1', way: 'keep', consentsToFile: true, isAskedFor: false },
    { key: 'sk-1', consentToFile: true },
  ],
  [
    'typed, then left for the environment',
    { text: 'sk-1', way: 'environment', consentsToFile: true, isAskedFor: false },
    undefined,
  ],
] as const)('typedKey: %s', (_, draft, expected) => {
  expect(typedKey(draft)).toEqual(expected)
})

test('the line to copy holds no key', () => {
  expect(exportLine('GROQ_API_KEY', 'linux')).toBe('export GROQ_API_KEY="your-key"')
  expect(exportLine('GROQ_API_KEY', 'win32')).toBe('setx GROQ_API_KEY "your-key"')
})

test.each([
  ['the usual name', 'openai', 'OPENAI_API_KEY', [], 'OPENAI_API_KEY'],
  ['a second account', 'openai-work', 'OPENAI_API_KEY', ['OPENAI_API_KEY'], 'OPENAI_WORK_API_KEY'],
  ['no usual name', '4all.local', null, [], '_4ALL_LOCAL_API_KEY'],
])('newReference: %s', (_, provider, keyName, taken, expected) => {
  const present = taken.map((reference): KeyState => ({ state: 'set', from: 'keychain', reference, endsWith: null }))
  expect(newReference({ provider, keyName, present })).toBe(expected)
})

test.each([
  ['environment', true, true],
  ['environment', false, false],
  // Left ticked, then the other way was chosen.
  ['keep', true, false],
] as const)('the way %s, asked for: %s -> the entry names a variable: %s', (way, isAskedFor, refers) =>
  expect(refersToKey({ text: '', way, consentsToFile: false, isAskedFor })).toBe(refers),
)
