import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import { readForwardedUsage } from '../../../../gateway/dialects/forwarded/usage.ts'

const cases: [string, JsonObject, object | undefined][] = [
  [
    'gpt-image-1 from text',
    {
      usage: {
        input_tokens: 10,
        output_tokens: 20,
        total_tokens: 30,
        input_tokens_details: { text_tokens: 10, image_tokens: 0 },
      },
    },
    { input: 10, output: 20 },
  ],
  [
    'gpt-image-1 from an image: what that costs is not known',
    { usage: { input_tokens: 10, output_tokens: 20, input_tokens_details: { text_tokens: 4, image_tokens: 6 } } },
    { input: 10, output: 20, unpriced: true },
  ],
  [
    'a transcription by tokens',
    { usage: { type: 'tokens', input_tokens: 14, input_token_details: { audio_tokens: 12 }, output_tokens: 3 } },
    { input: 14, inputAudio: 12, output: 3 },
  ],
  ['a transcription by the minute', { usage: { type: 'duration', seconds: 9 } }, undefined],
  ['moderations of Mistral', { usage: { prompt_tokens: 5, total_tokens: 5 } }, { input: 5, output: 0 }],
  ['rerank of Voyage', { usage: { total_tokens: 7 } }, { input: 7, output: 0 }],
  [
    'rerank of Cohere',
    { meta: { billed_units: { search_units: 1 }, tokens: { input_tokens: 9 } } },
    { input: 9, output: 0 },
  ],
  ['rerank of Cohere, by the search', { meta: { billed_units: { search_units: 1 } } }, undefined],
  ['nothing told', { data: [] }, undefined],
  ['nonsense', { usage: { input_tokens: -1, output_tokens: 'x' } }, undefined],
]

test.each(cases)('%s', (_name, body, expected) => {
  const usage = readForwardedUsage(body)
  const { raw, ...counts } = usage ?? {}
  expect(usage === undefined ? undefined : counts).toEqual(expected)
  if (usage !== undefined) expect(raw).toBeDefined()
})
