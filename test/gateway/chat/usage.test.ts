import { expect, test } from 'vitest'
import { addUsage, mergeUsage, type Usage } from '../../../gateway/chat/usage.ts'

test.each<[string, Usage | undefined, Usage, Usage]>([
  ['nothing before', undefined, { input: 1 }, { input: 1 }],
  ['other members', { input: 1 }, { output: 2 }, { input: 1, output: 2 }],
  ['later wins', { input: 43, output: 1 }, { input: 61 }, { input: 61, output: 1 }],
  ['zero wins too', { cacheRead: 5 }, { cacheRead: 0 }, { cacheRead: 0 }],
  ['raw is the latest', { raw: { a: 1 } }, { raw: { b: 2 } }, { raw: { b: 2 } }],
])('merge: %s', (_, earlier, later, expected) => {
  expect(mergeUsage(earlier, later)).toEqual(expected)
})

test('merge changes neither', () => {
  const earlier: Usage = { input: 1 }
  const later: Usage = { input: 2 }
  mergeUsage(earlier, later)
  expect([earlier, later]).toEqual([{ input: 1 }, { input: 2 }])
})

test.each<[string, Usage, Usage, Usage]>([
  [
    'sums',
    { input: 1, output: 2, cacheRead: 1 },
    { input: 10, output: 20, cacheRead: 3 },
    { input: 11, output: 22, cacheRead: 4 },
  ],
  ['unknown and known is the known', { input: 1 }, { output: 2 }, { input: 1, output: 2 }],
  ['unknown twice stays unknown', { input: 1 }, { input: 1 }, { input: 2 }],
  ['zero is known', { reasoning: 0 }, {}, { reasoning: 0 }],
  [
    'every count',
    { cacheWrite: 3, cacheWrite1h: 1, inputAudio: 1, outputAudio: 1, webSearches: 1 },
    { cacheWrite: 1, cacheWrite1h: 1, inputAudio: 1, outputAudio: 1, webSearches: 1 },
    { cacheWrite: 4, cacheWrite1h: 2, inputAudio: 2, outputAudio: 2, webSearches: 2 },
  ],
  ['estimated if one is', { input: 1, estimated: true }, { input: 1 }, { input: 2, estimated: true }],
  ['raw and tier belong to one call', { input: 1, raw: {}, serviceTier: 'flex' }, { input: 1 }, { input: 2 }],
])('add: %s', (_, left, right, expected) => {
  expect(addUsage(left, right)).toEqual(expected)
})
