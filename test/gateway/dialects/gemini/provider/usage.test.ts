import { describe, expect, test } from 'vitest'
import { collect } from '../../../../../gateway/chat/collect.ts'
import type { Json } from '../../../../../gateway/chat/json.ts'
import { gemini } from '../../../../../gateway/dialects/gemini/index.ts'
import { stop, stream, whole } from './decoding.ts'

describe('usage', () => {
  const usage = (usageMetadata: Json) => collect(whole({ candidates: [stop], usageMetadata })).usage

  test.each<[string, Record<string, Json>, object]>([
    [
      'thoughts are part of the output (litellm: 2 + 125)',
      { promptTokenCount: 9, candidatesTokenCount: 2, thoughtsTokenCount: 125, totalTokenCount: 136 },
      { input: 9, output: 127, reasoning: 125 },
    ],
    [
      'cached tokens are part of the input',
      { promptTokenCount: 100, cachedContentTokenCount: 60, candidatesTokenCount: 1 },
      { input: 100, cacheRead: 60, output: 1 },
    ],
    [
      'what tools read is input too',
      { promptTokenCount: 32, toolUsePromptTokenCount: 4610, candidatesTokenCount: 25 },
      { input: 4642, output: 25 },
    ],
    [
      'only thoughts',
      { promptTokenCount: 9, thoughtsTokenCount: 50, totalTokenCount: 59 },
      { input: 9, output: 50, reasoning: 50 },
    ],
    ['zeros are left out by Google', { promptTokenCount: 9, totalTokenCount: 9 }, { input: 9, output: 0 }],
    [
      'audio',
      {
        promptTokenCount: 9,
        candidatesTokenCount: 3,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 2 },
          { modality: 'AUDIO', tokenCount: 7 },
        ],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 3 }],
      },
      { input: 9, output: 3, inputAudio: 7, outputAudio: 3 },
    ],
    [
      'tier',
      { promptTokenCount: 1, candidatesTokenCount: 0, serviceTier: 'priority' },
      { input: 1, output: 0, serviceTier: 'priority' },
    ],
    [
      'nulls',
      { promptTokenCount: 1, candidatesTokenCount: null, totalTokenCount: null, serviceTier: null },
      { input: 1 },
    ],
  ])('%s', (_name, raw, expected) => {
    expect(usage(raw)).toEqual({ ...expected, raw })
  })

  test('a chunk without counts tells nothing', () => {
    expect(usage({ trafficType: 'ON_DEMAND' })).toBeUndefined()
  })

  test('is read from a body without decoding the rest', () => {
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 2 }
    expect(gemini.provider?.readUsage?.({ usageMetadata })).toEqual({ input: 1, output: 2, raw: usageMetadata })
    expect(gemini.provider?.readUsage?.({})).toBeUndefined()
  })

  test('cumulative: the last counts', () => {
    const chunk = (promptTokenCount: number, candidatesTokenCount: number): Json => ({
      candidates: [stop],
      usageMetadata: { promptTokenCount, candidatesTokenCount },
    })
    expect(collect(stream([chunk(15, 1), chunk(13, 8)])).usage).toMatchObject({ input: 13, output: 8 })
  })
})

test.each([-5, 1.5, 1e300, '7', null])(
  'a count of %j is none: it would make the call cheaper than nothing',
  (count) => {
    const usageMetadata = { promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count }
    expect(collect(whole({ candidates: [stop], usageMetadata })).usage).toBeUndefined()
  },
)
