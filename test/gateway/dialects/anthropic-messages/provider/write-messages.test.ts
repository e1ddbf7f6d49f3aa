import { describe, expect, test } from 'vitest'
import type { AssistantPart, JsonObject, Message, ToolCallPart } from '../../../../../gateway/chat/request.ts'
import { hello, warned, written } from './written.ts'

const helloTurn = { role: 'user', content: [{ type: 'text', text: 'Hello' }] }

function system(text: string, developer = false): Message {
  return { role: 'system', developer, parts: [{ type: 'text', text }] }
}
function user(text: string): Message {
  return { role: 'user', parts: [{ type: 'text', text }] }
}
function assistant(...parts: AssistantPart[]): Message {
  return { role: 'assistant', parts }
}
function says(text: string): AssistantPart {
  return { type: 'text', text }
}
function call(id: string, text = '{"city":"Paris"}'): ToolCallPart {
  return { type: 'tool-call', id, name: 'weather', arguments: text }
}
function result(callId: string, text: string): Message {
  return { role: 'tool', callId, parts: [{ type: 'text', text }] }
}
function toolUse(id: string, input: JsonObject = { city: 'Paris' }): JsonObject {
  return { type: 'tool_use', id, name: 'weather', input }
}
function toolResult(id: string, text: string): JsonObject {
  return { type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text }] }
}
function text(text: string): JsonObject {
  return { type: 'text', text }
}

interface Case {
  name: string
  messages: Message[]
  turns: unknown[]
  system?: unknown[]
  warnings?: string[]
}

const cases: Case[] = [
  { name: 'one user message', messages: [hello], turns: [helloTurn] },
  {
    name: 'system and developer messages are hoisted in order, wherever they are, which is told',
    messages: [system('A'), hello, system('B', true)],
    turns: [helloTurn],
    system: [text('A'), text('B')],
    warnings: ['messages[2]'],
  },
  {
    name: 'neighbours of one role are one turn, across a hoisted system message too',
    messages: [user('a'), system('S'), user('b'), assistant(says('c')), assistant(says('d')), user('e')],
    turns: [
      { role: 'user', content: [text('a'), text('b')] },
      { role: 'assistant', content: [text('c'), text('d')] },
      { role: 'user', content: [text('e')] },
    ],
    system: [text('S')],
    warnings: ['messages[1]'],
  },
  {
    name: 'all results of a turn come in the next user turn, before its text',
    messages: [
      hello,
      assistant(says('Let me see.'), call('a'), call('b')),
      result('a', '1'),
      user('And?'),
      result('b', '2'),
    ],
    turns: [
      helloTurn,
      { role: 'assistant', content: [text('Let me see.'), toolUse('a'), toolUse('b')] },
      { role: 'user', content: [toolResult('a', '1'), toolResult('b', '2'), text('And?')] },
    ],
  },
  {
    name: 'an opening assistant turn gets a user turn before it',
    messages: [assistant(says('Hi!')), user('Hello')],
    turns: [{ role: 'user', content: [text('.')] }, { role: 'assistant', content: [text('Hi!')] }, helloTurn],
    warnings: ['messages'],
  },
  {
    name: 'system messages alone get a user turn',
    messages: [system('Sing.')],
    turns: [{ role: 'user', content: [text('.')] }],
    system: [text('Sing.')],
    warnings: ['messages'],
  },
  {
    name: 'blank text and empty turns are left out',
    messages: [system('  '), user('a'), assistant(says('\n')), user(''), user('b')],
    turns: [{ role: 'user', content: [text('a'), text('b')] }],
  },
  {
    name: 'a prefill is passed on without the white space it may not end in',
    messages: [hello, assistant(says('The answer is:\n '))],
    turns: [helloTurn, { role: 'assistant', content: [text('The answer is:')] }],
  },
  {
    name: 'white space ending an earlier assistant turn stays',
    messages: [hello, assistant(says('Hi ')), user('b')],
    turns: [helloTurn, { role: 'assistant', content: [text('Hi ')] }, { role: 'user', content: [text('b')] }],
  },
  {
    name: 'a call without arguments has an empty object as input',
    messages: [hello, assistant(call('a', '')), result('a', '1')],
    turns: [
      helloTurn,
      { role: 'assistant', content: [toolUse('a', {})] },
      { role: 'user', content: [toolResult('a', '1')] },
    ],
  },
  {
    name: 'arguments that are not an object are wrapped and reported',
    messages: [hello, assistant(call('a', '{"city":')), result('a', '1')],
    turns: [
      helloTurn,
      { role: 'assistant', content: [toolUse('a', { INVALID_JSON: '{"city":' })] },
      { role: 'user', content: [toolResult('a', '1')] },
    ],
    warnings: ['messages[1].tool_calls'],
  },
  {
    name: 'a refusal is what the assistant said; names are reported',
    messages: [
      { role: 'user', name: 'Ann', parts: [{ type: 'text', text: 'Hello' }] },
      assistant({ type: 'refusal', text: 'No.' }),
      user('b'),
    ],
    turns: [helloTurn, { role: 'assistant', content: [text('No.')] }, { role: 'user', content: [text('b')] }],
    warnings: ['messages[0].name'],
  },
  {
    name: 'results: none, an image, an error, a cache mark from inside',
    messages: [
      hello,
      assistant(call('a'), call('b'), call('c')),
      { role: 'tool', callId: 'a', parts: [] },
      {
        role: 'tool',
        callId: 'b',
        isError: true,
        parts: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
      },
      { role: 'tool', callId: 'c', parts: [{ type: 'text', text: '3', cacheControl: { ttl: '1h' } }] },
    ],
    turns: [
      helloTurn,
      { role: 'assistant', content: [toolUse('a'), toolUse('b'), toolUse('c')] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a' },
          {
            type: 'tool_result',
            tool_use_id: 'b',
            is_error: true,
            content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
          },
          { ...toolResult('c', '3'), cache_control: { type: 'ephemeral', ttl: '1h' } },
        ],
      },
    ],
  },
]

test.each(cases)('$name', ({ messages, turns, system, warnings = [] }) => {
  const loss = written({ messages })
  expect(loss.value['messages']).toEqual(turns)
  expect(loss.value['system']).toEqual(system)
  expect(warned(loss)).toEqual(warnings)
})

test('tool ids of other characters are rewritten, alike in call and result, and stay different', () => {
  const ids = ['call.1', 'call:1', 'call_1', '']
  const loss = written({
    messages: [hello, assistant(...ids.map((id) => call(id))), ...ids.map((id) => result(id, 'x'))],
  })
  const [, calls, results] = loss.value['messages'] as unknown as { content: JsonObject[] }[]
  const sent = calls?.content.map((block) => block['id']) ?? []
  expect(sent[2]).toBe('call_1')
  for (const id of sent) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/)
  expect(new Set(sent).size).toBe(ids.length)
  expect(results?.content.map((block) => block['tool_use_id'])).toEqual(sent)
})

test('a request is not changed by writing it', () => {
  const messages = [hello, assistant(says('a ')), user('b'), assistant(call('c.1')), result('c.1', '1')]
  const before = structuredClone(messages)
  written({ messages })
  expect(messages).toEqual(before)
})

describe('thinking of earlier turns', () => {
  const here = { provider: 'anthropic', model: 'claude-x' }
  const signed = { type: 'reasoning', text: ' I think…\n', signature: 'sig+/=' } as const
  const block = { type: 'thinking', thinking: ' I think…\n', signature: 'sig+/=' }

  const parts: [name: string, parts: AssistantPart[], content: unknown[]][] = [
    ['goes back byte-exact where it came from', [{ ...signed, origin: here }, says('a')], [block, text('a')]],
    ['goes back when the client does not say where it came from', [signed, says('a')], [block, text('a')]],
    [
      'is left out for another provider',
      [{ ...signed, origin: { ...here, provider: 'other' } }, says('a')],
      [text('a')],
    ],
    ['is left out for another model', [{ ...signed, origin: { ...here, model: 'claude-y' } }, says('a')], [text('a')]],
    ['is left out without a signature', [{ type: 'reasoning', text: 'hm', origin: here }, says('a')], [text('a')]],
    ['comes first', [says('a'), call('b'), signed], [block, text('a'), toolUse('b')]],
    [
      'keeps its place between blocks when some is first',
      [signed, says('a'), signed, call('b')],
      [block, text('a'), block, toolUse('b')],
    ],
    [
      'may be redacted',
      [{ type: 'reasoning', text: '', redacted: 'b3BhcXVl', origin: here }, says('a')],
      [{ type: 'redacted_thinking', data: 'b3BhcXVl' }, text('a')],
    ],
    [
      'may be signed without text (display omitted)',
      [{ type: 'reasoning', text: '', signature: 's' }, says('a')],
      [{ type: 'thinking', thinking: '', signature: 's' }, text('a')],
    ],
  ]
  test.each(parts)('%s', (_name, parts, content) => {
    const loss = written({ messages: [hello, assistant(...parts), user('b')] })
    expect(loss.value['messages']).toMatchObject([{}, { role: 'assistant', content }, {}])
    expect((loss.value['messages'] as unknown as { content: unknown[] }[])[1]?.content).toHaveLength(content.length)
  })
})

describe('cache marks', () => {
  test('are carried, with their lifetime', () => {
    const loss = written({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'S', cacheControl: { ttl: '1h' } }] },
        { role: 'user', parts: [{ type: 'text', text: 'U', cacheControl: {} }] },
      ],
      tools: [{ name: 'weather', cacheControl: { ttl: '5m' } }],
    })
    expect(loss.value).toMatchObject({
      system: [{ type: 'text', text: 'S', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'U', cache_control: { type: 'ephemeral' } }] }],
      tools: [{ name: 'weather', cache_control: { type: 'ephemeral', ttl: '5m' } }],
    })
  })

  test('beyond the fourth are dropped and reported once', () => {
    const parts = Array.from({ length: 6 }, () => ({ type: 'text', text: 'U', cacheControl: {} }) as const)
    const loss = written({ messages: [{ role: 'user', parts }] })
    expect(JSON.stringify(loss.value).split('cache_control')).toHaveLength(5)
    expect(warned(loss)).toEqual(['cache_control'])
  })
})
