import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import { delta, head, reply, run, whole } from './decoding.ts'

describe('the common stream', () => {
  test('OpenAI, with usage at the end', () => {
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 2,
      total_tokens: 5,
      prompt_tokens_details: { cached_tokens: 1 },
    }
    const events = run(
      {
        ...delta({ role: 'assistant', content: '', refusal: null }),
        service_tier: 'default',
        system_fingerprint: 'fp',
      },
      delta({ content: 'Hel' }),
      delta({ content: 'lo' }),
      delta({}, 'stop'),
      { ...head, choices: [], usage, service_tier: 'default' },
      '[DONE]',
    )
    expect(events).toEqual([
      { type: 'start', id: 'chatcmpl-1', model: 'm', created: 5, serviceTier: 'default', fingerprint: 'fp' },
      { type: 'text-start', block: 0, choice: 0 },
      { type: 'text-delta', block: 0, choice: 0, text: 'Hel' },
      { type: 'text-delta', block: 0, choice: 0, text: 'lo' },
      { type: 'usage', usage: { input: 3, cacheRead: 1, output: 2, serviceTier: 'default', raw: usage } },
      { type: 'text-end', block: 0, choice: 0 },
      { type: 'finish', choice: 0, reason: { unified: 'stop', raw: 'stop' } },
    ])
  })

  test('several choices, interleaved', () => {
    const at = (index: number, content: string, finish: string | null = null): JsonObject => ({
      ...head,
      choices: [{ index, delta: { content }, finish_reason: finish }],
    })
    const { choices } = reply(at(1, 'b'), at(0, 'a'), at(1, 'B', 'length'), at(0, 'A', 'stop'), '[DONE]')
    expect(choices.map(({ parts }) => parts)).toEqual([[{ type: 'text', text: 'aA' }], [{ type: 'text', text: 'bB' }]])
    expect(choices.map(({ finish }) => finish?.raw)).toEqual(['stop', 'length'])
  })

  test('an absurd choice index costs no memory', () => {
    const { choices } = reply(
      { ...head, choices: [{ index: 2 ** 40, delta: { content: 'a' }, finish_reason: 'stop' }] },
      '[DONE]',
    )
    expect(choices).toHaveLength(1)
  })

  test('logprobs', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1 }] }
    const chunk = { ...head, choices: [{ index: 0, delta: { content: 'a' }, logprobs, finish_reason: 'stop' }] }
    expect(reply(chunk, '[DONE]').choices[0]?.logprobs).toEqual(logprobs)
  })

  test('refusal', () => {
    const { choices } = reply(delta({ refusal: 'I ' }), delta({ refusal: 'cannot' }), delta({}, 'stop'), '[DONE]')
    expect(choices[0]?.parts).toEqual([{ type: 'refusal', text: 'I cannot' }])
  })

  test('annotations, where 0 to 0 means unknown', () => {
    const annotations = [
      { type: 'url_citation', url_citation: { url: 'https://a', title: 'A', start_index: 1, end_index: 4 } },
      { type: 'url_citation', url_citation: { url: 'https://b', start_index: 0, end_index: 0 } },
      { type: 'file_citation', file_id: 'f' },
    ]
    expect(reply(delta({ content: 'x', annotations }), delta({}, 'stop')).choices[0]?.annotations).toEqual([
      { url: 'https://a', title: 'A', start: 1, end: 4 },
      { url: 'https://b' },
    ])
  })

  test.each<[string | null, string]>([
    ['stop', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['error', 'error'],
    ['insufficient_system_resource', 'error'],
    ['toString', 'other'],
    [null, 'stop'],
  ])('finish %s -> %s', (raw, unified) => {
    expect(reply(delta({ content: 'a' }), delta({}, raw), '[DONE]').choices[0]?.finish?.unified).toBe(unified)
  })
})

test('a whole answer', () => {
  const message = {
    role: 'assistant',
    content: 'c',
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', function: { name: 'f', arguments: '{}' } },
    ],
  }
  expect(
    whole({
      ...head,
      choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    }),
  ).toMatchObject({
    id: 'chatcmpl-1',
    choices: [{ parts: [{ text: 'c' }, { id: 'a' }, { id: 'b' }], finish: { unified: 'tool-calls' } }],
    usage: { input: 1, output: 2 },
  })
})
