import { describe, expect, test } from 'vitest'
import { collect } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { unseal } from '../../../../../gateway/chat/seal.ts'
import { encodeWhole } from '../../../../../gateway/dialects/openai-responses/client/encode-whole.ts'
import { encodeStreamError } from '../../../../../gateway/dialects/openai-responses/client/errors.ts'
import { unsealCall } from '../../../../../gateway/dialects/openai-responses/client/seal-call.ts'
import { read } from './reading.ts'
import { aboutOf, encodeEvents, encodeText, openaiClient } from './encoding.ts'

const at = (block: number) => ({ block, choice: 0 })
const start: ChatEvent = { type: 'start', id: 'theirs', model: 'real', created: 5 }
const stop: ChatEvent = { type: 'finish', choice: 0, reason: { unified: 'stop' } }
const usage: ChatEvent = { type: 'usage', usage: { input: 10, cacheRead: 4, output: 5, reasoning: 2 } }

const says = (...texts: string[]): ChatEvent[] => [
  { type: 'text-start', ...at(0) },
  ...texts.map((text): ChatEvent => ({ type: 'text-delta', ...at(0), text })),
  { type: 'text-end', ...at(0) },
]

const calls = (name: string, pieces: string[], more: { block?: number; signature?: string } = {}): ChatEvent[] => {
  const { block = 0, ...end } = more
  return [
    { type: 'tool-start', ...at(block), id: `call_${block}`, name },
    ...pieces.map((piece): ChatEvent => ({ type: 'tool-delta', ...at(block), arguments: piece })),
    { type: 'tool-end', ...at(block), ...end },
  ]
}

/** Without the two that begin every answer and the one that ends it. */
function body(events: ChatEvent[], members?: JsonObject): JsonObject[] {
  return encodeEvents([start, ...events, stop], aboutOf(members)).slice(2, -1)
}

function response(events: ChatEvent[], members?: JsonObject): JsonObject {
  return encodeEvents(events, aboutOf(members)).at(-1)?.['response'] as JsonObject
}

describe('the stream', () => {
  test('of text', () => {
    const item_id = 'msg_c1_0'
    const place = { item_id, output_index: 0, content_index: 0 }
    const part = { type: 'output_text', text: 'Hello', annotations: [], logprobs: [] }
    const done = { id: item_id, type: 'message', status: 'completed', role: 'assistant', content: [part] }
    const events = encodeEvents([start, ...says('Hel', 'lo'), stop, usage], aboutOf())
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'response.created', response: { id: 'resp_c1', status: 'in_progress', output: [], usage: null } },
      { type: 'response.in_progress', response: { id: 'resp_c1' } },
    ])
    expect(events.slice(2, -1)).toEqual([
      { type: 'response.output_item.added', output_index: 0, item: { ...done, status: 'in_progress', content: [] } },
      { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
      { type: 'response.output_text.delta', ...place, delta: 'Hel', logprobs: [] },
      { type: 'response.output_text.delta', ...place, delta: 'lo', logprobs: [] },
      { type: 'response.output_text.done', ...place, text: 'Hello', logprobs: [] },
      { type: 'response.content_part.done', ...place, part },
      { type: 'response.output_item.done', output_index: 0, item: done },
    ])
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        id: 'resp_c1',
        created_at: 1_700_000_000,
        model: 'real',
        status: 'completed',
        output: [done],
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 4 },
          output_tokens: 5,
          output_tokens_details: { reasoning_tokens: 2 },
          total_tokens: 15,
        },
      },
    })
  })

  test('has no sentinel', () => {
    expect(encodeText([start, ...says('x'), stop])).not.toContain('[DONE]')
  })

  test('of thoughts, then a call without arguments', () => {
    const events = body([
      { type: 'reasoning-start', ...at(0) },
      { type: 'reasoning-delta', ...at(0), text: 'Hm' },
      { type: 'reasoning-end', ...at(0), signature: 'SIG' },
      ...calls('f', [], { block: 1 }),
    ])
    expect(events.map(({ type }) => (type as string).replace('response.', ''))).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ])
    const thought = events[5]?.['item'] as JsonObject
    expect(thought).toMatchObject({ id: 'rs_c1_0', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] })
    expect(unseal(thought['encrypted_content'] as string)).toMatchObject({
      provider: 'p',
      model: 'asked',
      signature: 'SIG',
    })
    expect(events.at(-1)?.['item']).toEqual({
      id: 'fc_c1_1',
      type: 'function_call',
      status: 'completed',
      call_id: 'call_1',
      name: 'f',
      arguments: '{}',
    })
  })

  test('of calls that interleave', () => {
    const events = body([
      { type: 'tool-start', ...at(0), id: 'a', name: 'f' },
      { type: 'tool-start', ...at(1), id: 'b', name: 'g' },
      { type: 'tool-delta', ...at(0), arguments: '{"x"' },
      { type: 'tool-delta', ...at(1), arguments: '{}' },
      { type: 'tool-delta', ...at(0), arguments: ':1}' },
      { type: 'tool-end', ...at(1) },
      { type: 'tool-end', ...at(0) },
    ])
    const deltas = events.filter(({ type }) => type === 'response.function_call_arguments.delta')
    expect(deltas.map(({ output_index, delta }) => [output_index, delta])).toEqual([
      [0, '{"x"'],
      [1, '{}'],
      [0, ':1}'],
    ])
    expect(events.filter(({ type }) => type === 'response.output_item.done')).toMatchObject([
      { output_index: 1, item: { call_id: 'b', arguments: '{}' } },
      { output_index: 0, item: { call_id: 'a', arguments: '{"x":1}' } },
    ])
  })

  test('of a refusal after text', () => {
    const events = body([...says('Well'), { type: 'refusal-delta', choice: 0, text: 'no.' }])
    expect(events.map(({ type, content_index }) => [(type as string).replace('response.', ''), content_index])).toEqual(
      [
        ['output_item.added', undefined],
        ['content_part.added', 0],
        ['output_text.delta', 0],
        ['output_text.done', 0],
        ['content_part.done', 0],
        ['content_part.added', 1],
        ['refusal.delta', 1],
        ['refusal.done', 1],
        ['content_part.done', 1],
        ['output_item.done', undefined],
      ],
    )
    expect(events.at(-1)?.['item']).toMatchObject({ content: [{ text: 'Well' }, { type: 'refusal', refusal: 'no.' }] })
  })

  test('texts that follow each other are one, and citations count from its beginning', () => {
    const events = body([
      ...says('before'),
      ...calls('f', ['{}'], { block: 1 }),
      { type: 'text-start', ...at(2) },
      { type: 'text-delta', ...at(2), text: 'a' },
      { type: 'text-end', ...at(2) },
      { type: 'annotation', choice: 0, annotation: { url: 'http://x', title: 'X', start: 6, end: 7 } },
      { type: 'text-start', ...at(3) },
      { type: 'text-delta', ...at(3), text: 'b' },
      { type: 'text-end', ...at(3) },
    ])
    const annotation = { type: 'url_citation', url: 'http://x', title: 'X', start_index: 0, end_index: 1 }
    expect(events.find(({ type }) => type === 'response.output_text.annotation.added')).toEqual({
      type: 'response.output_text.annotation.added',
      item_id: 'msg_c1_2',
      output_index: 2,
      content_index: 0,
      annotation_index: 0,
      annotation,
    })
    expect(events.at(-1)?.['item']).toMatchObject({ content: [{ text: 'ab', annotations: [annotation] }] })
  })

  test('logprobs go with the text and with the whole part', () => {
    const token = { token: 'x', logprob: -1, bytes: [120], top_logprobs: [] }
    const events = body([
      { type: 'text-start', ...at(0) },
      { type: 'text-delta', ...at(0), text: 'x', logprobs: { content: [token] } },
      { type: 'text-end', ...at(0) },
    ])
    expect(events.find(({ type }) => type === 'response.output_text.delta')?.['logprobs']).toEqual([token])
    expect(events.at(-1)?.['item']).toMatchObject({ content: [{ logprobs: [token] }] })
  })

  test('thoughts that nobody wants to see go out where they are needed again', () => {
    const thoughts: ChatEvent[] = [
      { type: 'reasoning-start', ...at(0) },
      { type: 'reasoning-delta', ...at(0), text: 'Hm' },
      { type: 'reasoning-end', ...at(0) },
      { type: 'reasoning-start', ...at(1) },
      { type: 'reasoning-end', ...at(1), redacted: 'RED' },
    ]
    const events = encodeEvents([start, ...thoughts, stop], { ...aboutOf(), includeReasoning: false })
    expect(events.at(-1)?.['response']).toMatchObject({ output: [{ type: 'reasoning', summary: [] }] })
  })

  test('a second choice has no form here', () => {
    const events = body([...says('x'), { type: 'text-delta', block: 9, choice: 1, text: 'other' }])
    expect(JSON.stringify(events)).not.toContain('other')
  })
})

describe('the response', () => {
  test.each<[string, ChatEvent, JsonObject]>([
    [
      'length',
      { type: 'finish', choice: 0, reason: { unified: 'length' } },
      {
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [{ status: 'incomplete' }],
      },
    ],
    [
      'content filter',
      { type: 'finish', choice: 0, reason: { unified: 'content-filter' }, refusal: 'No.' },
      {
        status: 'incomplete',
        incomplete_details: { reason: 'content_filter' },
        output: [{ content: [{ type: 'output_text' }, { type: 'refusal', refusal: 'No.' }] }],
      },
    ],
    [
      'error',
      { type: 'finish', choice: 0, reason: { unified: 'error', raw: 'MALFORMED' } },
      {
        status: 'failed',
        error: { code: 'server_error', message: 'MALFORMED' },
      },
    ],
    ['tool calls', { type: 'finish', choice: 0, reason: { unified: 'tool-calls' } }, { status: 'completed' }],
  ])('ends by %s', (_name, finish, expected) => {
    expect(response([start, ...says('x'), finish])).toMatchObject(expected)
  })

  test('repeats what was asked', () => {
    const asked = {
      instructions: 'Be short.',
      tools: [{ type: 'web_search' }, { type: 'function', name: 'f', parameters: null }],
      tool_choice: 'none',
      parallel_tool_calls: false,
      temperature: 0,
      top_p: 0.5,
      max_output_tokens: 99,
      text: { verbosity: 'low' },
      reasoning: { effort: 'low' },
      metadata: { a: 'b' },
      store: false,
      truncation: 'auto',
      user: 'u',
    }
    expect(response([start, ...says('x'), stop], asked)).toMatchObject({
      ...asked,
      text: { format: { type: 'text' }, verbosity: 'low' },
      reasoning: { effort: 'low', summary: null },
    })
  })

  test('of a whole answer is that of its stream', () => {
    const events: ChatEvent[] = [
      start,
      { type: 'reasoning-start', ...at(0) },
      { type: 'reasoning-delta', ...at(0), text: 'Hm' },
      { type: 'reasoning-end', ...at(0), signature: 'S' },
      { type: 'text-start', ...at(1) },
      { type: 'text-delta', ...at(1), text: 'Hello' },
      { type: 'annotation', choice: 0, annotation: { url: 'http://x' } },
      { type: 'text-end', ...at(1) },
      ...calls('say', ['{"input":"a"}'], { block: 2 }),
      ...calls('f', ['{"b":1}'], { block: 3, signature: 'T' }),
      usage,
      stop,
    ]
    const about = aboutOf({ tools: [{ type: 'custom', name: 'say' }] })
    expect(encodeWhole(collect(events), about)).toEqual(encodeEvents(events, about).at(-1)?.['response'])
  })
})

describe('tools get back as what they were given as', () => {
  const tools = [
    {
      type: 'namespace',
      name: 'functions',
      tools: [
        { type: 'custom', name: 'exec', format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } },
        { type: 'function', name: 'wait' },
      ],
    },
    { type: 'namespace', name: 'clock', tools: [{ type: 'function', name: 'wait' }] },
    { type: 'custom', name: 'apply_patch' },
  ]

  test.each<[name: string, expected: JsonObject]>([
    ['exec', { type: 'custom_tool_call', name: 'exec', namespace: 'functions', input: 'x "y"\n' }],
    [
      'functions__wait',
      { type: 'function_call', name: 'wait', namespace: 'functions', arguments: '{"input":"x \\"y\\"\\n"}' },
    ],
    ['clock__wait', { type: 'function_call', name: 'wait', namespace: 'clock', arguments: '{"input":"x \\"y\\"\\n"}' }],
    ['apply_patch', { type: 'custom_tool_call', name: 'apply_patch', input: 'x "y"\n' }],
    ['unknown', { type: 'function_call', name: 'unknown', arguments: '{"input":"x \\"y\\"\\n"}' }],
  ])('%s', (name, expected) => {
    const events = calls(name, ['{"inp', 'ut":"x \\"', 'y\\"\\n"}'])
    const item = body(events, {
      input: [
        { type: 'additional_tools', tools },
        { role: 'user', content: 'x' },
      ],
    }).at(-1)
    const id = expected['type'] === 'custom_tool_call' ? 'ctc_c1_0' : 'fc_c1_0'
    expect(item?.['item']).toEqual({ id, status: 'completed', call_id: 'call_0', ...expected })
  })

  test('free text is told as it comes', () => {
    const events = body(calls('apply_patch', ['{"inp', 'ut":"x \\"', 'y\\"\\n"}']), { tools })
    const told = events.filter(({ type }) => type === 'response.custom_tool_call_input.delta')
    expect(told.map(({ delta }) => delta)).toEqual(['x "', 'y"\n'])
    expect(events.at(-2)).toEqual({
      type: 'response.custom_tool_call_input.done',
      item_id: 'ctc_c1_0',
      output_index: 0,
      input: 'x "y"\n',
    })
  })

  test('and are read again as they were', () => {
    const item = body(calls('exec', ['{"input":"ls"}']), { tools }).at(-1)?.['item'] as JsonObject
    const output = { type: 'custom_tool_call_output', call_id: 'call_0', output: 'a.txt' }
    expect(read({ tools, input: [item, output] }).value.messages).toEqual([
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'call_0', name: 'exec', arguments: '{"input":"ls"}' }] },
      { role: 'tool', callId: 'call_0', parts: [{ type: 'text', text: 'a.txt' }] },
    ])
  })

  test("a call's signature comes back to the call", () => {
    const { output } = response([start, ...calls('f', ['{}'], { signature: 'SIG' }), stop])
    const items = output as JsonObject[]
    expect(items.map(({ type }) => type)).toEqual(['function_call', 'reasoning'])
    expect(unsealCall(items[1]?.['encrypted_content'] as string)).toMatchObject({ callId: 'call_0', signature: 'SIG' })
    expect(read({ input: items }).value.messages).toEqual([
      {
        role: 'assistant',
        parts: [
          {
            type: 'tool-call',
            id: 'call_0',
            name: 'f',
            arguments: '{}',
            signature: 'SIG',
            origin: { provider: 'p', model: 'asked' },
          },
        ],
      },
    ])
  })
})

describe("OpenAI's own SDK", () => {
  const events: ChatEvent[] = [
    start,
    { type: 'reasoning-start', ...at(0) },
    { type: 'reasoning-delta', ...at(0), text: 'Hm' },
    { type: 'reasoning-end', ...at(0), signature: 'S' },
    { type: 'text-start', ...at(1) },
    { type: 'text-delta', ...at(1), text: 'Hel' },
    { type: 'text-delta', ...at(1), text: 'lo' },
    { type: 'text-end', ...at(1) },
    ...calls('f', ['{"a"', ':1}'], { block: 2 }),
    { type: 'tool-start', ...at(3), id: 'x', name: 'say' },
    { type: 'tool-start', ...at(4), id: 'y', name: 'f' },
    { type: 'tool-delta', ...at(4), arguments: '{}' },
    { type: 'tool-delta', ...at(3), arguments: '{"input":"hey"}' },
    { type: 'tool-end', ...at(4) },
    { type: 'tool-end', ...at(3), signature: 'T' },
    { type: 'finish', choice: 0, reason: { unified: 'tool-calls' } },
    usage,
  ]
  const about = aboutOf({ tools: [{ type: 'custom', name: 'say' }] })
  const said = {
    id: 'resp_c1',
    status: 'completed',
    output_text: 'Hello',
    usage: { total_tokens: 15 },
    output: [
      { type: 'reasoning' },
      { type: 'message' },
      { type: 'function_call', arguments: '{"a":1}' },
      { type: 'custom_tool_call', input: 'hey' },
      { type: 'function_call', arguments: '{}' },
      { type: 'reasoning' },
    ],
  }

  test('reads the stream', async () => {
    const client = openaiClient({ body: encodeText(events, about), type: 'text/event-stream' })
    const stream = client.responses.stream({ model: 'asked', input: 'Hello' })
    const seen: string[] = []
    stream.on('event', ({ type }) => void seen.push(type))
    expect(await stream.finalResponse()).toMatchObject(said)
    expect(seen).toContain('response.custom_tool_call_input.delta')
  })

  test('reads the whole', async () => {
    const body = JSON.stringify(encodeWhole(collect(events), about))
    const client = openaiClient({ body, type: 'application/json' })
    expect(await client.responses.create({ model: 'asked', input: 'Hello' })).toMatchObject(said)
  })

  test('throws at the error in a stream, in its words', async () => {
    const failure = { status: 429, message: 'Slow down.', code: 'rate_limit_exceeded' }
    const client = openaiClient({ body: encodeStreamError(failure, 'c1'), type: 'text/event-stream' })
    const stream = await client.responses.create({ model: 'asked', input: 'Hello', stream: true })
    const reading = (async () => {
      for await (const _ of stream);
    })()
    await expect(reading).rejects.toMatchObject({ message: 'Slow down.', code: 'rate_limit_exceeded' })
  })
})

test('an error in a stream is told in both forms, and fails the response', () => {
  const text = encodeStreamError({ status: 502, message: 'Gone.' }, 'c1')
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as JsonObject)
  expect(events).toMatchObject([
    { type: 'error', message: 'Gone.', code: null, param: null, error: { message: 'Gone.', type: 'server_error' } },
    {
      type: 'response.failed',
      response: { id: 'resp_c1', status: 'failed', error: { code: 'server_error', message: 'Gone.' }, output: [] },
    },
  ])
})
