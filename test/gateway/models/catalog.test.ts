import { describe, expect, test } from 'vitest'
import { modelFacts } from '../../../gateway/models/catalog.ts'
import type { ModelFacts } from '../../../gateway/models/facts.ts'
import { bareModelName } from '../../../gateway/models/model-name.ts'

describe('bareModelName', () => {
  test.each([
    ['gpt-4.1', 'gpt-4.1'],
    ['anthropic/claude-sonnet-5', 'claude-sonnet-5'],
    ['models/gemini-3.1-pro', 'gemini-3.1-pro'],
    ['us.anthropic.claude-opus-4-8-v1:0', 'claude-opus-4-8'],
    ['bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5-20250929'],
    ['claude-opus-4-5@20251101', 'claude-opus-4-5-20251101'],
    ['Claude-Opus-5', 'claude-opus-5'],
    ['accounts/fireworks/models/kimi-k3', 'kimi-k3'],
    ['moonshot-v1-8k', 'moonshot-v1-8k'],
    ['', ''],
  ])('%s -> %s', (model, name) => expect(bareModelName(model)).toBe(name))
})

/** Which rules Anthropic's models have, member by member: who has it, who has not. */
const claudes =
  'opus-4-20250514 opus-4-1 sonnet-4-20250514 opus-4-5 sonnet-4-5 haiku-4-5 opus-4-6 sonnet-4-6 opus-4-7 opus-4-8 opus-5 ' +
  'opus-5-5 sonnet-5 sonnet-5-5 haiku-5-5 fable-5 fable-5-1 fable-5-2'

function withFact(member: keyof ModelFacts, value: unknown): string[] {
  return claudes.split(' ').filter((name) => modelFacts(`claude-${name}`)[member] === value)
}

describe('Claude', () => {
  test.each<[keyof ModelFacts, unknown, string]>([
    ['sampling', false, 'opus-4-7 opus-4-8 opus-5 opus-5-5 sonnet-5 sonnet-5-5 haiku-5-5 fable-5 fable-5-1 fable-5-2'],
    ['thinking', 'budget', 'opus-4-20250514 opus-4-1 sonnet-4-20250514 opus-4-5 sonnet-4-5 haiku-4-5'],
    ['thinkingAlwaysOn', true, 'opus-5-5 sonnet-5-5 fable-5 fable-5-1 fable-5-2'],
    ['forcedToolChoice', false, 'opus-5-5 sonnet-5-5 fable-5 fable-5-1 fable-5-2'],
    ['maxOutputTokens', 32_000, 'opus-4-20250514 opus-4-1'],
    ['maxOutputTokens', 64_000, 'sonnet-4-20250514 opus-4-5 sonnet-4-5 haiku-4-5'],
    [
      'maxOutputTokens',
      128_000,
      'opus-4-6 sonnet-4-6 opus-4-7 opus-4-8 opus-5 opus-5-5 sonnet-5 sonnet-5-5 haiku-5-5 fable-5 fable-5-1 fable-5-2',
    ],
    [
      'prefill',
      false,
      'opus-4-6 sonnet-4-6 opus-4-7 opus-4-8 opus-5 opus-5-5 sonnet-5 sonnet-5-5 haiku-5-5 fable-5 fable-5-1 fable-5-2',
    ],
    ['structuredOutput', false, 'opus-4-20250514 sonnet-4-20250514'],
  ])('%s %s', (member, value, names) => expect(withFact(member, value)).toEqual(names.split(' ')))

  test.each([
    ['claude-3-haiku-20240307', { thinking: 'none', structuredOutput: false, maxOutputTokens: 4096 }],
    ['claude-3.5-sonnet', { thinking: 'none', structuredOutput: false }],
    ['claude-3-7-sonnet-latest', { thinking: 'budget', structuredOutput: false }],
  ])('%s', (model, facts) => expect(modelFacts(model)).toEqual(facts))

  test('whatever is written around the name', () => {
    const facts = modelFacts('claude-opus-5-5')
    for (const name of [
      'anthropic/claude-opus-5-5',
      'us.anthropic.claude-opus-5-5-v1:0',
      'claude-opus-5-5-20260901',
      'anthropic/claude-opus-5.5',
    ])
      expect(modelFacts(name)).toEqual(facts)
  })
})

describe('Gemini', () => {
  test.each<[string, ModelFacts]>([
    ['gemini-2.0-flash', { thinking: 'none' }],
    ['gemini-2.5-flash-lite', { thinking: 'budget' }],
    ['models/gemini-2.5-pro', { thinking: 'budget', thinkingAlwaysOn: true }],
    ['gemini-3.8-flash', { thinking: 'level' }],
    ['gemini-3-pro-preview', { thinking: 'level', thinkingAlwaysOn: true }],
    ['gemini-3.1-pro-preview', { thinking: 'level', thinkingAlwaysOn: true }],
  ])('%s', (model, facts) => expect(modelFacts(model)).toEqual(facts))
})

describe('OpenAI', () => {
  test.each([
    ['gpt-4o-mini', { thinking: 'none' }],
    ['openai/gpt-4.1', { thinking: 'none' }],
    ['o4-mini', { thinking: 'level', sampling: false }],
    ['gpt-5.4-mini', { thinking: 'level', sampling: false }],
    ['gpt-6-sol', { thinking: 'level', sampling: false }],
    ['gpt-5-chat-latest', { thinking: 'none', sampling: true }],
  ])('%s', (model, facts) => expect(modelFacts(model)).toEqual(facts))
})

test('nothing is known of others, nor of numbers that only begin alike', () => {
  for (const model of ['gpt-oss-120b', 'o10', 'llama-4', '', 'gemini-30-flash', 'claude-opus-50', 'my-claude-opus-5'])
    expect(modelFacts(model)).toEqual({})
})

test('an answer is the caller’s own to change', () => {
  modelFacts('claude-opus-5').sampling = true
  expect(modelFacts('claude-opus-5').sampling).toBe(false)
})
