import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../gateway/dialects/openai-chat/provider/decode-stream.ts'
import { delta, reply, whole } from './decoding.ts'

function calls(...pieces: JsonObject[]): object[] {
  const chunks = pieces.map((piece) => delta({ tool_calls: [piece] }))
  const { choices } = reply(...chunks, delta({}, 'tool_calls'), '[DONE]')
  return (choices[0]?.parts ?? []).map((part) =>
    part.type === 'tool-call' ? [part.id, part.name, part.arguments] : [part],
  )
}

describe('tool calls', () => {
  const fn = (name?: string, args?: Json): JsonObject => ({
    function: { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) },
  })

  test('OpenAI: id and name once, arguments in pieces, two calls', () => {
    expect(
      calls(
        { index: 0, id: 'a', type: 'function', ...fn('f', '') },
        { index: 0, ...fn(undefined, '{"x"') },
        { index: 0, ...fn(undefined, ':1}') },
        { index: 1, id: 'b', type: 'function', ...fn('g', '') },
        { index: 1, ...fn(undefined, '{}') },
      ),
    ).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{}'],
    ])
  })

  test('pieces of parallel calls that interleave', () => {
    expect(
      calls(
        { index: 0, id: 'a', ...fn('f', '{"x"') },
        { index: 1, id: 'b', ...fn('g', '{"y"') },
        { index: 0, ...fn(undefined, ':1}') },
        { index: 1, ...fn(undefined, ':2}') },
      ),
    ).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{"y":2}'],
    ])
  })

  test('Mistral: no index, whole arguments', () => {
    expect(calls({ id: 'a', ...fn('f', '{}') }, { id: 'b', ...fn('f', '{"x":1}') })).toEqual([
      ['a', 'f', '{}'],
      ['b', 'f', '{"x":1}'],
    ])
  })

  test('no index, later pieces without id go to the last call', () => {
    expect(calls({ id: 'a', ...fn('f', '{"x"') }, fn(undefined, ':1}'))).toEqual([['a', 'f', '{"x":1}']])
  })

  test('index 0 for every call, with ids (Gemini, Ollama)', () => {
    expect(
      calls(
        { index: 0, id: 'a', ...fn('f', '{}') },
        { index: 0, id: 'b', ...fn('g', '{"x"') },
        { index: 0, ...fn(undefined, ':1}') },
      ),
    ).toEqual([
      ['a', 'f', '{}'],
      ['b', 'g', '{"x":1}'],
    ])
  })

  test('index 0 for every call, with empty ids', () => {
    const result = calls({ index: 0, id: '', ...fn('f', '{}') }, { index: 0, id: '', ...fn('f', '{"x":1}') })
    expect(result).toEqual([
      ['call_chatcmpl-1_0_0', 'f', '{}'],
      ['call_chatcmpl-1_0_1', 'f', '{"x":1}'],
    ])
  })

  test('Alibaba: later pieces with id ""', () => {
    expect(
      calls({ index: 0, id: 'a', ...fn('f', '') }, { index: 0, id: '', type: 'function', ...fn(undefined, '{}') }),
    ).toEqual([['a', 'f', '{}']])
  })

  test('name "" later, id and name repeated', () => {
    expect(
      calls(
        { index: 0, id: 'a', ...fn('f', '{') },
        { index: 0, ...fn('', '"x":') },
        { index: 0, id: 'a', ...fn('f', '1}') },
      ),
    ).toEqual([['a', 'f', '{"x":1}']])
  })

  test('another id without a name is the same call (random ids per piece)', () => {
    expect(calls({ index: 0, id: 'a', ...fn('f', '{') }, { index: 0, id: 'z', ...fn(undefined, '}') })).toEqual([
      ['a', 'f', '{}'],
    ])
  })

  test('an index that begins at 1 (Anthropic’s block number)', () => {
    expect(calls({ index: 1, id: 'a', ...fn('f', '') }, { index: 1, ...fn(undefined, '{}') })).toEqual([
      ['a', 'f', '{}'],
    ])
  })

  test('a name that comes late', () => {
    expect(calls({ index: 0, id: 'a', ...fn(undefined, '{"x"') }, { index: 0, ...fn('f', ':1}') })).toEqual([
      ['a', 'f', '{"x":1}'],
    ])
  })

  test('arguments as an object', () => {
    expect(calls({ index: 0, id: 'a', ...fn('f', { x: 1 }) })).toEqual([['a', 'f', '{"x":1}']])
  })

  test('custom calls: their text is JSON', () => {
    const piece = (members: JsonObject): JsonObject => delta({ tool_calls: [{ index: 0, ...members }] })
    const expected = { type: 'tool-call', id: 'c', name: 'sql', arguments: '{"input":"a\\"b"}' }
    const streamed = reply(
      piece({ id: 'c', type: 'custom', custom: { name: 'sql', input: '' } }),
      piece({ custom: { input: 'a"' } }),
      piece({ custom: { input: 'b' } }),
      delta({}, 'tool_calls'),
      '[DONE]',
    )
    const custom = { id: 'c', type: 'custom', custom: { name: 'sql', input: 'a"b' } }
    const answer = whole({ choices: [{ message: { tool_calls: [custom] }, finish_reason: 'tool_calls' }] })
    for (const { choices } of [streamed, answer]) expect(choices[0]?.parts).toEqual([expected])
  })

  test('legacy function_call', () => {
    const { choices } = reply(
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{}' } }),
      delta({}, 'function_call'),
    )
    expect(choices[0]?.parts).toEqual([{ type: 'tool-call', id: 'call_chatcmpl-1_0_0', name: 'f', arguments: '{}' }])
    expect(choices[0]?.finish?.unified).toBe('tool-calls')
  })

  test('Google’s thought signature, with the call or after it', () => {
    const extra_content = { google: { thought_signature: 's' } }
    const call = { index: 0, id: 'a', ...fn('f', '{}') }
    for (const pieces of [[{ ...call, extra_content }], [call, { index: 0, extra_content }]]) {
      const chunks = pieces.map((piece) => delta({ tool_calls: [piece] }))
      expect(reply(...chunks, delta({}, 'stop')).choices[0]?.parts).toEqual([
        { type: 'tool-call', id: 'a', name: 'f', arguments: '{}', signature: 's' },
      ])
    }
  })
})

/** What takes the square of its length takes minutes here. */
describe('many pieces are read in time', () => {
  function started(pieces: JsonObject[]): number {
    let count = 0
    const decoder = decodeStream((event) => (count += event.type === 'tool-start' ? 1 : 0))
    for (const piece of pieces) decoder.event(undefined, JSON.stringify(delta({ tool_calls: [piece] })))
    return count
  }

  test('of a server that repeats the name and knows no ids', () => {
    const piece = { index: 0, function: { name: 'f', arguments: 'x'.repeat(500) } }
    expect(started(Array.from({ length: 20_000 }, () => piece))).toBe(1)
  })

  test('of a server that knows no indexes', () => {
    const piece = (index: number): JsonObject => ({ id: `c${index}`, function: { name: 'f', arguments: '{}' } })
    expect(started(Array.from({ length: 100_000 }, (_, index) => piece(index)))).toBe(100_000)
  })
})
