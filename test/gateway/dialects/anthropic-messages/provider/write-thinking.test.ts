import { describe, expect, test } from 'vitest'
import type { ChatRequest, Effort, JsonObject, Message } from '../../../../../gateway/chat/request.ts'
import type { ModelFacts } from '../../../../../gateway/models/facts.ts'
import { hello, warned, written } from './written.ts'

interface Case {
  name: string
  request: Partial<ChatRequest>
  facts?: ModelFacts
  body: JsonObject
  warnings?: string[]
}

function budget(tokens: number): JsonObject {
  return { type: 'enabled', budget_tokens: tokens }
}
const adaptive = { type: 'adaptive', display: 'summarized' }

const cases: Case[] = [
  {
    name: 'the model decides how much',
    request: { reasoning: { adaptive: true, visible: false } },
    facts: { thinking: 'adaptive' },
    body: { max_tokens: 4096, thinking: { type: 'adaptive', display: 'omitted' } },
  },
  {
    name: 'the model decides, with an effort; an unknown model can',
    request: { reasoning: { adaptive: true, effort: 'high' } },
    body: { max_tokens: 4096, thinking: adaptive, output_config: { effort: 'high' } },
  },
  {
    name: 'a model that counts cannot decide',
    request: { reasoning: { adaptive: true } },
    facts: { thinking: 'budget' },
    body: { max_tokens: 8192, thinking: budget(4096) },
  },
  {
    name: 'nothing to decide',
    request: { reasoning: { adaptive: true } },
    facts: { thinking: 'none' },
    body: { max_tokens: 4096 },
    warnings: ['reasoning_effort'],
  },
  { name: 'nothing told: 4096', request: {}, body: { max_tokens: 4096 } },
  { name: "the model's limit", request: {}, facts: { maxOutputTokens: 64_000 }, body: { max_tokens: 64_000 } },
  {
    name: "the client's bound",
    request: { maxOutputTokens: 7 },
    facts: { maxOutputTokens: 64_000 },
    body: { max_tokens: 7 },
  },
  { name: '0 warms the cache', request: { maxOutputTokens: 0 }, body: { max_tokens: 0 } },
  {
    name: "never above the model's limit",
    request: { maxOutputTokens: 100_000 },
    facts: { maxOutputTokens: 8192 },
    body: { max_tokens: 8192 },
    warnings: ['max_tokens'],
  },
  {
    name: 'budget below max_tokens',
    request: { reasoning: { effort: 'high' }, maxOutputTokens: 20_000 },
    facts: { thinking: 'budget' },
    body: { max_tokens: 20_000, thinking: budget(8192) },
  },
  {
    name: 'max_tokens raised above the budget',
    request: { reasoning: { effort: 'high' }, maxOutputTokens: 100 },
    facts: { thinking: 'budget' },
    body: { max_tokens: 8292, thinking: budget(8192) },
    warnings: ['max_tokens'],
  },
  {
    name: 'max_tokens raised without a word where the client gave none',
    request: { reasoning: { effort: 'max' } },
    facts: { thinking: 'budget' },
    body: { max_tokens: 36_096, thinking: budget(32_000) },
  },
  {
    name: "the budget shrinks where the model's limit forbids raising",
    request: { reasoning: { effort: 'high' } },
    facts: { thinking: 'budget', maxOutputTokens: 8192 },
    body: { max_tokens: 8192, thinking: budget(4096) },
  },
  {
    name: 'no thinking where there is no room for it',
    request: { reasoning: { effort: 'high' } },
    facts: { thinking: 'budget', maxOutputTokens: 1024 },
    body: { max_tokens: 1024 },
    warnings: ['reasoning_effort'],
  },
  {
    name: "the client's own budget, at least 1024",
    request: { reasoning: { budgetTokens: 10 } },
    facts: { thinking: 'budget' },
    body: { max_tokens: 4096, thinking: budget(1024) },
  },
  {
    name: "an unknown model: the client's own budget",
    request: { reasoning: { budgetTokens: 2000 } },
    body: { max_tokens: 4096, thinking: budget(2000) },
  },
  {
    name: 'an unknown model: effort is adaptive',
    request: { reasoning: { effort: 'medium' } },
    body: { max_tokens: 4096, thinking: adaptive, output_config: { effort: 'medium' } },
  },
  {
    name: 'adaptive: minimal is low',
    request: { reasoning: { effort: 'minimal' } },
    facts: { thinking: 'adaptive' },
    body: { max_tokens: 4096, thinking: adaptive, output_config: { effort: 'low' } },
  },
  {
    name: 'adaptive: a budget becomes the nearest effort',
    request: { reasoning: { budgetTokens: 10_000 } },
    facts: { thinking: 'adaptive' },
    body: { max_tokens: 4096, thinking: adaptive, output_config: { effort: 'xhigh' } },
    warnings: ['thinking.budget_tokens'],
  },
  {
    name: 'not to be seen',
    request: { reasoning: { effort: 'low', visible: false } },
    facts: { thinking: 'adaptive' },
    body: { max_tokens: 4096, thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'low' } },
  },
  {
    name: 'not to be seen, with a budget',
    request: { reasoning: { effort: 'low', visible: false } },
    facts: { thinking: 'budget' },
    body: { max_tokens: 4096, thinking: { ...budget(2048), display: 'omitted' } },
  },
  {
    name: 'none',
    request: { reasoning: { effort: 'none' } },
    facts: { thinking: 'budget' },
    body: { max_tokens: 4096, thinking: { type: 'disabled' } },
  },
  {
    name: 'none, where it cannot be',
    request: { reasoning: { effort: 'none' } },
    facts: { thinking: 'adaptive', thinkingAlwaysOn: true },
    body: { max_tokens: 4096, output_config: { effort: 'low' } },
    warnings: ['reasoning_effort'],
  },
  {
    name: 'none, where it is so anyway',
    request: { reasoning: { effort: 'none' } },
    facts: { thinking: 'none' },
    body: { max_tokens: 4096 },
  },
  {
    name: 'a model that cannot think',
    request: { reasoning: { effort: 'high' } },
    facts: { thinking: 'none' },
    body: { max_tokens: 4096 },
    warnings: ['reasoning_effort'],
  },
  { name: 'only visibility told', request: { reasoning: { visible: true } }, body: { max_tokens: 4096 } },
]

test.each(cases)('$name', ({ request, facts, body, warnings = [] }) => {
  const loss = written(request, facts)
  const { max_tokens, thinking, output_config } = loss.value
  expect({ max_tokens, thinking, output_config }).toEqual(body)
  expect(warned(loss)).toEqual(warnings)
})

const efforts: [effort: Effort, tokens: number][] = [
  ['minimal', 1024],
  ['low', 2048],
  ['medium', 4096],
  ['high', 8192],
  ['xhigh', 16_384],
  ['max', 32_000],
]
test.each(efforts)('effort %s is %i tokens, always less than max_tokens', (effort, tokens) => {
  for (const maxOutputTokens of [1, 1024, 5000, 64_000]) {
    const { value } = written(
      { reasoning: { effort }, maxOutputTokens },
      { thinking: 'budget', maxOutputTokens: 64_000 },
    )
    expect(value['thinking']).toEqual(budget(tokens))
    expect(Number(value['max_tokens'])).toBeGreaterThan(tokens)
  }
})

describe('calls being answered', () => {
  const call = { type: 'tool-call', id: 'c', name: 'weather', arguments: '{}' } as const
  const thought = { type: 'reasoning', text: 'hm', signature: 's' } as const
  const result: Message = { role: 'tool', callId: 'c', parts: [{ type: 'text', text: '1' }] }
  const unthought: Message[] = [hello, { role: 'assistant', parts: [call] }, result]
  const asked: Partial<ChatRequest> = { reasoning: { effort: 'low' }, tools: [{ name: 'weather' }] }

  const conversations: [name: string, messages: Message[], isThinking: boolean][] = [
    ['without thinking: none in this call', unthought, false],
    ['with thinking', [hello, { role: 'assistant', parts: [thought, call] }, result], true],
    [
      'thinking at the start of several rounds',
      [hello, { role: 'assistant', parts: [thought, call] }, result, { role: 'assistant', parts: [call] }, result],
      true,
    ],
    ['answered long ago', [...unthought, { role: 'assistant', parts: [{ type: 'text', text: 'a' }] }, hello], true],
    ['with words of the user', [...unthought, hello], false],
  ]
  test.each(conversations)('%s', (_name, messages, isThinking) => {
    const loss = written({ ...asked, messages }, { thinking: 'budget' })
    expect('thinking' in loss.value).toBe(isThinking)
    expect(warned(loss)).toEqual(isThinking ? [] : ['reasoning_effort'])
  })

  test('adaptive thinking does not ask for it', () => {
    const loss = written({ ...asked, messages: unthought }, { thinking: 'adaptive' })
    expect(loss.value['thinking']).toEqual(adaptive)
  })
})
