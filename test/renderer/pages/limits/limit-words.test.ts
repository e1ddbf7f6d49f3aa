import { describe, expect, test } from 'vitest'
import type { Limit } from '../../../../gateway/contract.ts'
import { limitSentence, windowWords } from '../../../../renderer/pages/limits/limit-words.ts'

test.each([
  [1_000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
  [86_400_000, 'a day'],
  [604_800_000, 'a week'],
  [300_000, 'in 5 min'],
  [90_000, 'in 1 min 30 s'],
])('windowWords(%d)', (windowMs, words) => expect(windowWords(windowMs)).toBe(words))

describe('limitSentence', () => {
  test.each<[Limit | null, string]>([
    [{ requests: 60, windowMs: 60_000 }, 'At most 60 requests a minute for everybody.'],
    [{ requests: 1, windowMs: 1_000 }, 'At most 1 request a second for everybody.'],
    [{ tokens: 2_000_000, windowMs: 86_400_000 }, 'At most 2M tokens a day for everybody.'],
    [
      { requests: 1_200, tokens: 5_000, windowMs: 300_000 },
      'At most 1,200 requests and 5k tokens in 5 min for everybody.',
    ],
    [{ windowMs: 60_000 }, 'No limit for everybody.'],
    [null, 'No limit for everybody.'],
  ])('%j', (limit, sentence) => expect(limitSentence(limit, 'for everybody')).toBe(sentence))
})
