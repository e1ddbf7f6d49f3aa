import { expect, test } from 'vitest'
import type { ChatRequest, JsonObject } from '../../../../../gateway/chat/request.ts'
import type { ModelFacts } from '../../../../../gateway/models/facts.ts'
import { warned, written } from './written.ts'

interface Case {
  name: string
  request: Partial<ChatRequest>
  facts?: ModelFacts
  /** Beyond model, max_tokens and messages. */
  body: JsonObject
  warnings?: string[]
}

const thinking = { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } }

const cases: Case[] = [
  { name: 'nothing', request: {}, body: {} },
  { name: 'stream', request: { stream: true }, body: { stream: true } },
  { name: 'temperature 0 is told', request: { temperature: 0 }, body: { temperature: 0 } },
  {
    name: 'temperature above 1 is 1',
    request: { temperature: 1.7 },
    body: { temperature: 1 },
    warnings: ['temperature'],
  },
  { name: 'top_p and top_k', request: { topP: 0.5, topK: 40 }, body: { top_p: 0.5, top_k: 40 } },
  {
    name: 'temperature or top_p',
    request: { temperature: 0.2, topP: 0.5 },
    body: { temperature: 0.2 },
    warnings: ['top_p'],
  },
  {
    name: 'a model without sampling',
    request: { temperature: 1.5, topP: 0.5, topK: 40 },
    facts: { sampling: false },
    body: {},
    warnings: ['temperature', 'top_p', 'top_k'],
  },
  {
    name: 'no temperature and top_k while thinking',
    request: { temperature: 0.5, topK: 40, reasoning: { effort: 'low' } },
    body: thinking,
    warnings: ['temperature', 'top_k'],
  },
  {
    name: 'temperature 1 is the same while thinking',
    request: { temperature: 1, reasoning: { effort: 'low' } },
    body: thinking,
  },
  {
    name: 'a high top_p while thinking',
    request: { topP: 0.97, reasoning: { effort: 'low' } },
    body: { ...thinking, top_p: 0.97 },
  },
  {
    name: 'a low top_p while thinking',
    request: { topP: 0.5, reasoning: { effort: 'low' } },
    body: thinking,
    warnings: ['top_p'],
  },
  {
    name: 'sampling of a model that always thinks',
    request: { temperature: 0.5 },
    facts: { thinkingAlwaysOn: true },
    body: {},
    warnings: ['temperature'],
  },
  { name: 'stop', request: { stop: ['END', '\n\nHuman:'] }, body: { stop_sequences: ['END', '\n\nHuman:'] } },
  {
    name: 'blank stop sequences',
    request: { stop: ['', '\n', 'END'] },
    body: { stop_sequences: ['END'] },
    warnings: ['stop'],
  },
  { name: 'only blank stop sequences', request: { stop: ['\n'] }, body: {}, warnings: ['stop'] },
  { name: 'no stop sequences', request: { stop: [] }, body: {} },
  { name: 'user', request: { user: 'u-1' }, body: { metadata: { user_id: 'u-1' } } },
  { name: 'tier auto', request: { serviceTier: 'auto' }, body: { service_tier: 'auto' } },
  { name: 'tier default', request: { serviceTier: 'default' }, body: { service_tier: 'auto' } },
  { name: 'tier priority', request: { serviceTier: 'priority' }, body: { service_tier: 'auto' } },
  { name: 'tier standard_only', request: { serviceTier: 'standard_only' }, body: { service_tier: 'standard_only' } },
  {
    name: 'tier flex',
    request: { serviceTier: 'flex' },
    body: { service_tier: 'standard_only' },
    warnings: ['service_tier'],
  },
  {
    name: 'what Anthropic does not have',
    request: {
      seed: 0,
      presencePenalty: 1,
      frequencyPenalty: -1,
      logprobs: {},
      verbosity: 'low',
      uncarried: ['logit_bias', 'store'],
    },
    body: {},
    warnings: ['seed', 'presence_penalty', 'frequency_penalty', 'logprobs', 'verbosity', 'logit_bias', 'store'],
  },
  {
    name: 'what changes nothing',
    request: { presencePenalty: 0, frequencyPenalty: 0, verbosity: 'medium', count: 1 },
    body: {},
  },
]

test.each(cases)('$name', ({ request, facts, body, warnings = [] }) => {
  const loss = written(request, facts)
  const { model, max_tokens: _, messages: __, ...others } = loss.value
  expect(model).toBe('claude-x')
  expect(others).toEqual(body)
  expect(warned(loss)).toEqual(warnings)
})

test('several answers per call are refused', () => {
  expect(() => written({ count: 2 })).toThrow(expect.objectContaining({ status: 400, param: 'n' }))
})
