import { expect, test } from 'vitest'
import { scanMembers, type Members } from '../../../gateway/dialects/members.ts'
import { genAiNames } from '../../../gateway/telemetry/gen-ai-names.ts'
import { requestAttributes } from '../../../gateway/telemetry/otel-request.ts'

const names = genAiNames(false).attributes

test.each<[name: string, body: object, expected: object]>([
  ['nothing', { model: 'm', messages: [] }, {}],
  [
    'OpenAI',
    {
      max_completion_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      stop: 'END',
      n: 2,
      frequency_penalty: 1,
      presence_penalty: -1,
    },
    {
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.temperature': 0,
      'gen_ai.request.top_p': 0.5,
      'gen_ai.request.seed': 7,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.request.choice.count': 2,
      'gen_ai.request.frequency_penalty': 1,
      'gen_ai.request.presence_penalty': -1,
    },
  ],
  [
    'Anthropic',
    { max_tokens: 5, top_k: 40, stop_sequences: ['a', 'b'] },
    { 'gen_ai.request.max_tokens': 5, 'gen_ai.request.top_k': 40, 'gen_ai.request.stop_sequences': ['a', 'b'] },
  ],
  [
    'Gemini',
    { contents: [], generationConfig: { maxOutputTokens: 3, topP: 1, candidateCount: 1, stopSequences: [] } },
    { 'gen_ai.request.max_tokens': 3, 'gen_ai.request.top_p': 1 },
  ],
  [
    'embeddings',
    { input: 'x', dimensions: 256, encoding_format: 'base64' },
    { 'gen_ai.embeddings.dimension.count': 256, 'gen_ai.request.encoding_formats': ['base64'] },
  ],
  ['what is no number, and null', { temperature: 'hot', seed: null, max_tokens: {}, stop: [1] }, {}],
])('%s', (_name, body, expected) => {
  expect(requestAttributes(scanMembers(Buffer.from(JSON.stringify(body))) as Members, names)).toEqual(expected)
})
