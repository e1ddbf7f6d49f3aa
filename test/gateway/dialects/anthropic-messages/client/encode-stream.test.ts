import { describe, expect, test } from 'vitest'
import { replay, type ChatReply } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { FinishReason } from '../../../../../gateway/chat/finish.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { MessagesStreamEncoder } from '../../../../../gateway/dialects/anthropic-messages/client/encode-stream.ts'
import { about, blocks, origin, streamed, wireEvents } from './messages-stream.ts'

const start: ChatEvent = { type: 'start', id: 'msg_x', model: 'm' }
const stop: ChatEvent = { type: 'finish', choice: 0, reason: { unified: 'stop' } }

function text(block: number, ...deltas: string[]): ChatEvent[] {
  return [
    { type: 'text-start', block, choice: 0 },
    ...deltas.map((delta): ChatEvent => ({ type: 'text-delta', block, choice: 0, text: delta })),
    { type: 'text-end', block, choice: 0 },
  ]
}

function thinking(block: number, deltas: string[], end: { signature?: string; redacted?: string } = {}): ChatEvent[] {
  return [
    { type: 'reasoning-start', block, choice: 0 },
    ...deltas.map((delta): ChatEvent => ({ type: 'reasoning-delta', block, choice: 0, text: delta })),
    { type: 'reasoning-end', block, choice: 0, ...end },
  ]
}

function toolStart(block: number): ChatEvent {
  return { type: 'tool-start', block, choice: 0, id: `c${block}`, name: `f${block}` }
}

function toolDelta(block: number, json: string): ChatEvent {
  return { type: 'tool-delta', block, choice: 0, arguments: json }
}

function toolEnd(block: number, signature?: string): ChatEvent {
  return { type: 'tool-end', block, choice: 0, ...(signature === undefined ? {} : { signature }) }
}

function told(events: ChatEvent[], includeReasoning?: boolean): object[][] {
  return blocks(wireEvents(streamed(events, includeReasoning === undefined ? {} : { includeReasoning })))
}

const textStart = { type: 'text', text: '' }
const thinkingStart = { type: 'thinking', thinking: '', signature: '' }
const useStart = (block: number): object => ({ type: 'tool_use', id: `c${block}`, name: `f${block}`, input: {} })
const input = (json: string): object => ({ type: 'input_json_delta', partial_json: json })
const signed = (signature: string): object => ({ type: 'signature_delta', signature })

test('another vendor’s id is not passed off as a message’s', () => {
  const told = streamed([{ ...start, id: 'chatcmpl-1' }, ...text(0, 'Hi'), stop])
  expect(told).not.toContain('chatcmpl-1')
  expect(told).toContain(`"id":"${about.id}"`)
})

test('byte for byte', () => {
  const usage: ChatEvent = { type: 'usage', usage: { input: 10, cacheRead: 4, output: 3 } }
  const zero = '"cache_creation_input_tokens":0'
  expect(streamed([start, ...text(0, 'H"i', '\u2028'), stop, usage])).toBe(
    'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_x","type":"message","role":"assistant",' +
      '"model":"m","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,' +
      `"usage":{"input_tokens":0,${zero},"cache_read_input_tokens":0,"output_tokens":0}}}\n\n` +
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"H\\"i"}}\n\n' +
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\u2028"}}\n\n' +
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n' +
      'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null},' +
      `"usage":{"input_tokens":6,${zero},"cache_read_input_tokens":4,"output_tokens":3}}\n\n` +
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  )
})

test('every delta leaves at once, the first with the start of the message', () => {
  const encoder = new MessagesStreamEncoder(about)
  const sent = [start, ...text(0, 'a', 'b')].map((event) =>
    [...encoder.encode(event).matchAll(/^event: (.*)$/gm)].map(([, name]) => name),
  )
  const delta = 'content_block_delta'
  expect(sent).toEqual([[], [], ['message_start', 'content_block_start', delta], [delta], []])
})

describe('blocks', () => {
  const cases: [name: string, events: ChatEvent[], expected: object[][]][] = [
    [
      'thinking, then text',
      [...thinking(0, ['a', 'b'], { signature: 's' }), ...text(1, 'c')],
      [
        [
          thinkingStart,
          { type: 'thinking_delta', thinking: 'a' },
          { type: 'thinking_delta', thinking: 'b' },
          signed(seal({ ...origin, signature: 's' })),
        ],
        [textStart, { type: 'text_delta', text: 'c' }],
      ],
    ],
    [
      'unsigned thinking is signed by nobody, so that it comes back',
      thinking(0, ['a']),
      [[thinkingStart, { type: 'thinking_delta', thinking: 'a' }, signed(seal(origin))]],
    ],
    [
      'a signature without text',
      thinking(0, [], { signature: 's' }),
      [[thinkingStart, signed(seal({ ...origin, signature: 's' }))]],
    ],
    [
      'encrypted thinking',
      thinking(0, [], { redacted: 'd' }),
      [[{ type: 'redacted_thinking', data: seal({ ...origin, redacted: 'd' }) }]],
    ],
    [
      'empty blocks are left out, and not counted',
      [...thinking(0, ['']), ...text(1), ...text(2, 'a')],
      [[textStart, { type: 'text_delta', text: 'a' }]],
    ],
    [
      'a call',
      [toolStart(0), toolDelta(0, '{"a":'), toolDelta(0, '1}'), toolEnd(0)],
      [[useStart(0), input('{"a":'), input('1}')]],
    ],
    ['a call without arguments', [toolStart(0), toolDelta(0, ''), toolEnd(0)], [[useStart(0), input('{}')]]],
    [
      'calls that interleave wait for one another',
      [
        toolStart(0),
        toolStart(1),
        toolDelta(1, '{'),
        toolDelta(0, '['),
        toolStart(2),
        toolDelta(0, ']'),
        toolDelta(1, '}'),
        toolEnd(1),
        toolEnd(0),
        toolDelta(2, '2'),
        toolEnd(2),
      ],
      [
        [useStart(0), input('['), input(']')],
        [useStart(1), input('{'), input('}')],
        [useStart(2), input('2')],
      ],
    ],
    [
      'text behind an open call waits, too',
      [toolStart(0), toolDelta(0, '1'), ...text(1, 'a'), toolDelta(0, '2'), toolEnd(0)],
      [
        [useStart(0), input('1'), input('2')],
        [textStart, { type: 'text_delta', text: 'a' }],
      ],
    ],
    [
      'a signed call that comes at once has its signature in front',
      [toolStart(0), toolDelta(0, '{}'), toolEnd(0, 's')],
      [
        [{ type: 'redacted_thinking', data: seal({ ...origin, signature: 's', call: 'c0' }) }],
        [useStart(0), input('{}')],
      ],
    ],
    [
      'a signed call that streams has it behind',
      [toolStart(0), toolDelta(0, '{'), toolDelta(0, '}'), toolEnd(0, 's'), ...text(1, 'a')],
      [
        [useStart(0), input('{'), input('}')],
        [{ type: 'redacted_thinking', data: seal({ ...origin, signature: 's', call: 'c0' }) }],
        [textStart, { type: 'text_delta', text: 'a' }],
      ],
    ],
    [
      'a refusal is text',
      [
        { type: 'refusal-delta', choice: 0, text: 'I ' },
        { type: 'refusal-delta', choice: 0, text: 'cannot' },
      ],
      [[textStart, { type: 'text_delta', text: 'I ' }, { type: 'text_delta', text: 'cannot' }]],
    ],
    [
      'a refusal in between',
      [
        { type: 'refusal-delta', choice: 0, text: 'no' },
        ...text(0, 'a'),
        { type: 'refusal-delta', choice: 0, text: 'no' },
      ],
      [
        [textStart, { type: 'text_delta', text: 'no' }],
        [textStart, { type: 'text_delta', text: 'a' }],
        [textStart, { type: 'text_delta', text: 'no' }],
      ],
    ],
    [
      'only the first choice',
      [
        ...text(0, 'a'),
        { type: 'text-start', block: 1, choice: 1 },
        { type: 'text-delta', block: 1, choice: 1, text: 'b' },
      ],
      [[textStart, { type: 'text_delta', text: 'a' }]],
    ],
    ['activity', [{ type: 'activity' }], []],
    ['blocks that nobody ended', [toolStart(0), toolDelta(0, '{}'), toolStart(1)], [[useStart(0), input('{}')]]],
  ]
  test.each(cases)('%s', (_name, events, expected) => {
    expect(told([start, ...events, stop])).toEqual(expected)
  })

  test('cut small, the same', () => {
    const reply: ChatReply = {
      choices: [
        {
          parts: [
            { type: 'reasoning', text: 'long thought' },
            { type: 'text', text: 'a 🙂 b' },
          ],
          annotations: [],
        },
      ],
    }
    const joined = told([...replay(reply, 1)]).map((deltas) =>
      deltas.map((delta) => ('text' in delta ? delta.text : 'thinking' in delta ? delta.thinking : '')).join(''),
    )
    expect(joined).toEqual(['long thought', 'a 🙂 b'])
  })
})

describe('thinking that the client does not want to see', () => {
  const cases: [name: string, events: ChatEvent[], expected: object[][]][] = [
    [
      'is in the signature, for its maker',
      thinking(0, ['a', 'b'], { signature: 's' }),
      [[thinkingStart, signed(seal({ ...origin, signature: 's', text: 'ab' }))]],
    ],
    ['also unsigned', thinking(0, ['a']), [[thinkingStart, signed(seal({ ...origin, text: 'a' }))]]],
    [
      'nothing hidden',
      thinking(0, [], { signature: 's' }),
      [[thinkingStart, signed(seal({ ...origin, signature: 's' }))]],
    ],
    ['nothing at all', thinking(0, []), []],
  ]
  test.each(cases)('%s', (_name, events, expected) => {
    expect(told([start, ...events, stop], false)).toEqual(expected)
  })
})

describe('sources', () => {
  const source: ChatEvent = {
    type: 'annotation',
    choice: 0,
    annotation: { url: 'https://a', title: 'A', start: 0, end: 1 },
  }
  const citation = {
    type: 'citations_delta',
    citation: {
      type: 'web_search_result_location',
      url: 'https://a',
      title: 'A',
      cited_text: '',
      encrypted_index: seal(origin),
    },
  }
  const said = { type: 'text_delta', text: 'a' }
  const cases: [name: string, events: ChatEvent[], expected: object[][]][] = [
    [
      'within the text',
      [...text(0, 'a').slice(0, 2), source, { type: 'text-end', block: 0, choice: 0 }],
      [[textStart, said, citation]],
    ],
    ['behind the text', [...text(0, 'a'), source], [[textStart, said, citation]]],
    [
      'of the newest text',
      [...text(0, 'a'), ...text(1, 'a'), source],
      [
        [textStart, said],
        [textStart, said, citation],
      ],
    ],
    ['without text they go', [source, toolStart(0), toolEnd(0), source], [[useStart(0), input('{}')]]],
  ]
  test.each(cases)('%s', (_name, events, expected) => {
    expect(told([start, ...events, stop])).toEqual(expected)
  })
})

describe('the end', () => {
  const cases: [reason: FinishReason, expected: [reason: string, sequence: string | null]][] = [
    [{ unified: 'stop' }, ['end_turn', null]],
    [{ unified: 'stop', raw: 'pause_turn' }, ['pause_turn', null]],
    [{ unified: 'stop', stopSequence: 'END' }, ['stop_sequence', 'END']],
    [{ unified: 'stop', raw: 'stop_sequence' }, ['stop_sequence', null]],
    [{ unified: 'length', raw: 'length' }, ['max_tokens', null]],
    [{ unified: 'length', raw: 'model_context_window_exceeded' }, ['model_context_window_exceeded', null]],
    [{ unified: 'tool-calls', raw: 'STOP' }, ['tool_use', null]],
    [{ unified: 'content-filter', raw: 'SAFETY' }, ['refusal', null]],
    [{ unified: 'error' }, ['end_turn', null]],
    [{ unified: 'other' }, ['end_turn', null]],
  ]
  test.each(cases)('%o', (reason, [word, sequence]) => {
    const events = wireEvents(streamed([start, { type: 'finish', choice: 0, reason }]))
    expect(events.at(-2)?.['delta']).toMatchObject({ stop_reason: word, stop_sequence: sequence })
  })

  test.each(['stop', 'content-filter'] as const)('a refusal that ends with %s', (unified) => {
    const no: ChatEvent = { type: 'refusal-delta', choice: 0, text: 'no' }
    const finish: ChatEvent = { type: 'finish', choice: 0, reason: { unified } }
    const refused = { stop_reason: 'refusal', stop_sequence: null }
    const details = { type: 'refusal', category: null }
    expect(wireEvents(streamed([start, no, finish])).at(-2)?.['delta']).toEqual({
      ...refused,
      stop_details: { ...details, explanation: null },
    })
    // Why the provider stopped is not what the model said.
    const explained = wireEvents(streamed([start, { ...finish, refusal: 'why' }]))
    expect(explained.at(-2)?.['delta']).toEqual({ ...refused, stop_details: { ...details, explanation: 'why' } })
    expect(blocks(explained)).toEqual([])
  })

  test('nothing came', () => {
    const events = wireEvents(streamed([]))
    expect(events.map(({ type }) => type)).toEqual(['message_start', 'message_delta', 'message_stop'])
    expect(events[0]?.['message']).toMatchObject({ id: 'msg_fallback', model: 'asked', content: [] })
  })

  test('an error ends it', () => {
    const error = { type: 'x', message: 'broke', status: 502, retryable: true }
    const last = streamed([start, ...text(0, 'a'), { type: 'error', error }])
      .split('\n\n')
      .at(-2)
    expect(last).toBe('event: error\ndata: {"type":"error","error":{"type":"api_error","message":"broke"}}')
  })
})

describe('usage', () => {
  test('known at the beginning and corrected at the end', () => {
    const early: ChatEvent = { type: 'usage', usage: { input: 30, cacheRead: 10, cacheWrite: 15, cacheWrite1h: 5 } }
    const late: ChatEvent = {
      type: 'usage',
      usage: { input: 31, output: 9, reasoning: 4, webSearches: 2, serviceTier: 'default' },
    }
    const events = wireEvents(streamed([start, early, ...text(0, 'a'), stop, late]))
    const input = {
      cache_creation_input_tokens: 15,
      cache_read_input_tokens: 10,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 5 },
    }
    expect(events[0]?.['message']).toMatchObject({ usage: { input_tokens: 5, output_tokens: 0, ...input } })
    expect(events.at(-2)?.['usage']).toEqual({
      ...input,
      input_tokens: 6,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
      service_tier: 'standard',
    })
  })

  test('never below zero', () => {
    const events = wireEvents(streamed([start, { type: 'usage', usage: { input: 1, cacheRead: 5 } }, stop]))
    expect(events.at(-2)?.['usage']).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 5 })
  })
})
