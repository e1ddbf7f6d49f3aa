import { describe, expect, test } from 'vitest'
import { type ChatReply, collect } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../../gateway/dialects/anthropic-messages/provider/decode.ts'
import { checkEvents } from '../../../../conformance/event-invariants.ts'
import {
  citation,
  close,
  decode,
  delta,
  end,
  message,
  open,
  ping,
  say,
  start,
  stop,
  textBlock,
  toolBlock,
  toolCall,
} from './wire-events.ts'

test('events come as early as they are known, in order', () => {
  expect(decode([start, ping, ...textBlock(0, 'Hel', 'lo'), end('end_turn'), stop])).toEqual([
    { type: 'start', id: 'msg_1', model: 'claude-x' },
    { type: 'usage', usage: { input: 9, raw: { input_tokens: 9, output_tokens: 1 } } },
    { type: 'text-start', block: 0, choice: 0 },
    { type: 'text-delta', block: 0, choice: 0, text: 'Hel' },
    { type: 'text-delta', block: 0, choice: 0, text: 'lo' },
    { type: 'text-end', block: 0, choice: 0 },
    { type: 'usage', usage: { input: 9, output: 5, raw: { input_tokens: 9, output_tokens: 5 } } },
    { type: 'finish', choice: 0, reason: { unified: 'stop', raw: 'end_turn' } },
  ])
})

interface Case {
  name: string
  events: JsonObject[]
  parts: unknown[]
  more?: Partial<ChatReply['choices'][0]>
}

const cases: Case[] = [
  {
    name: 'pings and unknown events anywhere',
    events: [
      ping,
      start,
      ping,
      open(0, { type: 'text', text: '' }),
      ping,
      say(0, 'a'),
      { type: 'new_event' },
      close(0),
      ping,
    ],
    parts: [{ type: 'text', text: 'a' }],
  },
  {
    name: 'thinking, its signature, text',
    events: [
      start,
      open(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'Let me ' }),
      delta(0, { type: 'thinking_delta', thinking: 'think' }),
      delta(0, { type: 'signature_delta', signature: 'sig+/=' }),
      close(0),
      ...textBlock(1, 'a'),
    ],
    parts: [
      { type: 'reasoning', text: 'Let me think', signature: 'sig+/=' },
      { type: 'text', text: 'a' },
    ],
  },
  {
    name: 'thinking with its text omitted',
    events: [
      start,
      open(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'signature_delta', signature: 's' }),
      close(0),
    ],
    parts: [{ type: 'reasoning', text: '', signature: 's' }],
  },
  {
    name: 'two thinking blocks stay two',
    events: [start, 0, 1].flatMap((index) =>
      typeof index === 'number'
        ? [
            open(index, { type: 'thinking', thinking: '' }),
            delta(index, { type: 'thinking_delta', thinking: `t${index}` }),
            delta(index, { type: 'signature_delta', signature: `s${index}` }),
            close(index),
          ]
        : [index],
    ),
    parts: [
      { type: 'reasoning', text: 't0', signature: 's0' },
      { type: 'reasoning', text: 't1', signature: 's1' },
    ],
  },
  {
    name: 'redacted thinking',
    events: [start, open(0, { type: 'redacted_thinking', data: 'b3BhcXVl' }), close(0), ...textBlock(1, 'a')],
    parts: [
      { type: 'reasoning', text: '', redacted: 'b3BhcXVl' },
      { type: 'text', text: 'a' },
    ],
  },
  {
    name: 'calls, in fragments',
    events: [start, ...textBlock(0, 'a'), ...toolBlock(1, '', '{"city":', '"Paris"}'), ...toolBlock(2, '{}')],
    parts: [{ type: 'text', text: 'a' }, toolCall(1, '{"city":"Paris"}'), toolCall(2, '{}')],
  },
  { name: 'a call without arguments', events: [start, ...toolBlock(0, '')], parts: [toolCall(0, '{}')] },
  { name: 'a call without any fragment', events: [start, ...toolBlock(0)], parts: [toolCall(0, '{}')] },
  {
    name: 'a call whose arguments come with its start',
    events: [start, open(0, { type: 'tool_use', id: 'toolu_0', name: 'weather', input: { city: 'Paris' } }), close(0)],
    parts: [toolCall(0, '{"city":"Paris"}')],
  },
  {
    name: 'a call that already stands in message_start',
    events: [
      {
        type: 'message_start',
        message: { ...message, content: [{ type: 'tool_use', id: 'toolu_0', name: 'weather', input: {} }] },
      },
      ...textBlock(0, 'a'),
    ],
    parts: [toolCall(0, '{}'), { type: 'text', text: 'a' }],
  },
  {
    name: "server tools and their results are not the client's",
    events: [
      start,
      open(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      close(0),
      open(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ type: 'web_search_result' }] }),
      close(1),
      open(2, { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'echo', server_name: 'x', input: {} }),
      close(2),
      open(3, { type: 'compaction', content: null }),
      delta(3, { type: 'compaction_delta', content: 'Summary.' }),
      close(3),
      open(4, { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }),
      delta(4, { type: 'new_delta' }),
      close(4),
      ...textBlock(5, 'a'),
    ],
    parts: [{ type: 'text', text: 'a' }],
  },
  {
    name: 'citations of the web are annotations of the text they stand in',
    events: [
      start,
      ...textBlock(0, 'See: '),
      open(1, { type: 'text', text: '', citations: [] }),
      delta(1, { type: 'citations_delta', citation }),
      delta(1, {
        type: 'citations_delta',
        citation: { type: 'page_location', document_index: 0, document_title: 'A' },
      }),
      say(1, 'there'),
      close(1),
    ],
    parts: [
      { type: 'text', text: 'See: ' },
      { type: 'text', text: 'there' },
    ],
    more: { annotations: [{ url: 'https://example.com/', title: 'Example', start: 5, end: 10 }] },
  },
  {
    name: 'a text block without its start or stop',
    events: [say(0, 'a'), open(1, { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} })],
    parts: [{ type: 'text', text: 'a' }, toolCall(1, '{}')],
  },
  {
    name: 'a repeated message_start',
    events: [start, open(0, { type: 'text', text: '' }), say(0, 'a'), start, say(0, 'b'), close(0)],
    parts: [{ type: 'text', text: 'ab' }],
  },
]

describe('streams', () => {
  test.each(cases)('$name', ({ events, parts, more }) => {
    const seen = decode([...events, end('end_turn'), stop])
    expect(checkEvents(seen)).toEqual([])
    const reply = collect(seen)
    expect(reply.error).toBeUndefined()
    expect(reply.choices).toEqual([{ parts, annotations: [], finish: { unified: 'stop', raw: 'end_turn' }, ...more }])
  })

  test('what follows message_stop is not read', () => {
    const once = [start, ...textBlock(0, 'a'), end('end_turn'), stop]
    expect(decode([...once, ...once])).toEqual(decode(once))
  })

  test('events named only by the SSE field', () => {
    const seen: ChatEvent[] = []
    const decoder = decodeStream((event) => seen.push(event))
    decoder.event('message_start', JSON.stringify({ message }))
    decoder.event('message_delta', '{"delta":{"stop_reason":"end_turn"}}')
    decoder.event('message_stop', '{}')
    decoder.event(undefined, '[DONE]')
    decoder.end()
    expect(seen.map(({ type }) => type)).toEqual(['start', 'finish'])
  })

  test('usage: the last word on each count, null is none', () => {
    const started = {
      ...message,
      usage: { input_tokens: 43, cache_read_input_tokens: 7, output_tokens: 1, service_tier: 'standard' },
    }
    const seen = decode([
      { type: 'message_start', message: started },
      {
        type: 'message_delta',
        delta: {},
        usage: { input_tokens: 61, cache_read_input_tokens: null, output_tokens: 2 },
      },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
      stop,
    ])
    const reply = collect(seen)
    expect(reply.usage).toMatchObject({ input: 68, cacheRead: 7, output: 3, serviceTier: 'standard' })
    expect(reply.serviceTier).toBe('standard')
  })

  test('a refusal has no block, a reason and the words', () => {
    const details = { type: 'refusal', category: 'cyber', explanation: 'Not allowed.' }
    const seen = decode([start, ping, end('refusal', { stop_details: details }), stop])
    expect(checkEvents(seen)).toEqual([])
    expect(seen.at(-1)).toEqual({
      type: 'finish',
      choice: 0,
      reason: { unified: 'content-filter', raw: 'refusal' },
      refusal: 'Not allowed.',
    })
  })

  test('a refusal without details has no words', () => {
    const seen = decode([start, end('refusal', { stop_details: null }), stop])
    expect(seen.at(-1)).toEqual({ type: 'finish', choice: 0, reason: { unified: 'content-filter', raw: 'refusal' } })
  })
})

test('the sequence that ended the answer', () => {
  const events = decode([start, ...textBlock(0, 'x'), end('stop_sequence', { stop_sequence: 'END' }), stop])
  expect(collect(events).choices[0]?.finish).toEqual({ unified: 'stop', raw: 'stop_sequence', stopSequence: 'END' })
})

test('tools that Anthropic runs, and blocks from the future, show nothing but are not nothing', () => {
  const types = ['server_tool_use', 'web_search_tool_result', 'compaction', 'constructor']
  const blocks = types.flatMap((type, index) => [open(index, { type }), close(index)])
  const events = decode([start, ...blocks, end('pause_turn'), stop])
  expect(events.filter(({ type }) => type === 'activity')).toHaveLength(types.length)
  expect(checkEvents(events)).toEqual([])
})

test.each(['__proto__', 'constructor', '__defineGetter__'])(
  'a block or delta of type %s is unknown, no more',
  (type) => {
    const events = [
      start,
      open(0, { type }),
      delta(0, { type }),
      close(0),
      ...textBlock(1, 'Hi'),
      end('end_turn'),
      stop,
    ]
    expect(collect(decode(events)).choices[0]?.parts).toEqual([{ type: 'text', text: 'Hi' }])
  },
)
