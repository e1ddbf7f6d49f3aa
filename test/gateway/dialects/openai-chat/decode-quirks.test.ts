import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import { delta, head, reply, run, whole } from './decoding.ts'

describe('quirks', () => {
  test('Azure: a first chunk without choices, id and model', () => {
    const filter = { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [] }
    const events = run(
      filter,
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'a' }),
      delta({}, 'stop'),
      '[DONE]',
    )
    expect(events[0]).toEqual({ type: 'start', id: 'chatcmpl-1', model: 'm', created: 5 })
  })

  test('ids that stay empty (Alibaba)', () => {
    const events = run({ ...delta({ content: 'a' }, 'stop'), id: '' }, '[DONE]')
    expect(events[0]).toEqual({ type: 'start', model: 'm', created: 5 })
  })

  test('xAI counts reasoning beside completion tokens', () => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 303,
      completion_tokens_details: { reasoning_tokens: 290 },
    }
    expect(reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [], usage }).usage).toMatchObject({
      input: 12,
      output: 291,
      reasoning: 290,
    })
  })

  const usages: [name: string, usage: JsonObject, expected: object][] = [
    [
      'OpenAI',
      { prompt_tokens: 1, completion_tokens: 9, total_tokens: 10, completion_tokens_details: { reasoning_tokens: 4 } },
      { input: 1, output: 9, reasoning: 4 },
    ],
    [
      'cache writes (gpt-5.6)',
      { prompt_tokens: 9, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 } },
      { input: 9, cacheRead: 2, cacheWrite: 3 },
    ],
    [
      'audio',
      {
        prompt_tokens: 9,
        completion_tokens: 8,
        prompt_tokens_details: { audio_tokens: 2 },
        completion_tokens_details: { audio_tokens: 3 },
      },
      { inputAudio: 2, outputAudio: 3 },
    ],
    [
      'DeepSeek',
      { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 1 },
      { input: 9, cacheRead: 8 },
    ],
    ['Moonshot', { prompt_tokens: 9, completion_tokens: 1, cached_tokens: 7 }, { cacheRead: 7 }],
    [
      'LiteLLM',
      { prompt_tokens: 9, completion_tokens: 1, cache_read_input_tokens: 4, cache_creation_input_tokens: 5 },
      { cacheRead: 4, cacheWrite: 5 },
    ],
    [
      'Perplexity',
      { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10, reasoning_tokens: 70, num_search_queries: 5 },
      { output: 77, reasoning: 70, webSearches: 5 },
    ],
    [
      'OpenRouter: more reasoning than output',
      {
        prompt_tokens: 43,
        completion_tokens: 10,
        total_tokens: 53,
        completion_tokens_details: { reasoning_tokens: 11 },
      },
      { output: 10, reasoning: 10 },
    ],
    [
      'OpenRouter searches',
      { prompt_tokens: 3, completion_tokens: 7, server_tool_use_details: { web_search_requests: 2 } },
      { webSearches: 2 },
    ],
    ['null details', { prompt_tokens: 3, completion_tokens: 0, prompt_tokens_details: null }, { input: 3, output: 0 }],
    ['names of Responses', { input_tokens: 3, output_tokens: 4 }, { input: 3, output: 4 }],
  ]

  test.each(usages)('usage of %s', (_, usage, expected) => {
    expect(reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [], usage }, '[DONE]').usage).toMatchObject({
      ...expected,
      raw: usage,
    })
  })

  test.each<JsonObject>([
    {},
    { prompt_tokens: null },
    { prompt_tokens: -1 },
    { prompt_tokens: 1.5 },
    { prompt_tokens: '3' },
  ])('usage %j tells nothing', (usage) => {
    expect(reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [], usage }, '[DONE]').usage).toBeUndefined()
  })

  test('usage in the finish chunk (Mistral, Groq), in x_groq, in the choice (Moonshot)', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 }
    const expected = { input: 1, output: 2 }
    expect(reply(delta({ content: 'a' }), { ...delta({}, 'stop'), usage }).usage).toMatchObject(expected)
    expect(reply(delta({ content: 'a' }), { ...delta({}, 'stop'), x_groq: { usage } }).usage).toMatchObject(expected)
    const inChoice = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }
    expect(reply(delta({ content: 'a' }), inChoice).usage).toMatchObject(expected)
  })

  test('Perplexity: cumulative usage on every chunk, sources once, done object', () => {
    const citations = ['https://a', 'https://b']
    const chunk = (content: string, completion: number): JsonObject => ({
      ...delta({ content }),
      usage: { prompt_tokens: 1, completion_tokens: completion },
      citations,
      search_results: [{ title: 'B', url: 'https://b' }],
    })
    const done = {
      ...chunk('', 3),
      object: 'chat.completion.done',
      choices: [{ index: 0, delta: { content: '' }, message: { content: 'xy' }, finish_reason: 'stop' }],
    }
    const { usage, choices } = reply(chunk('x', 1), chunk('y', 3), done)
    expect(usage).toMatchObject({ input: 1, output: 3 })
    expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'xy' }])
    expect(choices[0]?.annotations).toEqual([{ url: 'https://b', title: 'B' }, { url: 'https://a' }])
  })

  test('OpenRouter: finish repeated and early, text after it', () => {
    const { choices } = reply(
      delta({ content: 'a' }, 'length'),
      delta({ content: 'b' }, 'length'),
      delta({ content: '' }, null),
      '[DONE]',
    )
    expect(choices).toEqual([
      { parts: [{ type: 'text', text: 'ab' }], annotations: [], finish: { unified: 'length', raw: 'length' } },
    ])
  })

  test('"stop" after a call is tool-calls', () => {
    const call = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }
    expect(reply(delta({ tool_calls: [call] }), delta({}, 'stop')).choices[0]?.finish).toEqual({
      unified: 'tool-calls',
      raw: 'stop',
    })
  })

  test('nothing after [DONE] counts', () => {
    expect(reply(delta({ content: 'a' }, 'stop'), '[DONE]', delta({ content: 'b' })).choices[0]?.parts).toEqual([
      { type: 'text', text: 'a' },
    ])
  })

  test('spoken answers are their transcript', () => {
    const message = { role: 'assistant', content: null, audio: { id: 'a', data: 'AAAA', transcript: 'beep' } }
    expect(whole({ ...head, choices: [{ index: 0, message, finish_reason: 'stop' }] }).choices[0]?.parts).toEqual([
      { type: 'text', text: 'beep' },
    ])
  })
})
