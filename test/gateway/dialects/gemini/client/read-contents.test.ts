import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { Message, UserPart } from '../../../../../gateway/chat/request.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { hello, read, readContents } from './reading.ts'

function user(...parts: UserPart[]): Message {
  return { role: 'user', parts }
}

function text(words: string): { type: 'text'; text: string } {
  return { type: 'text', text: words }
}

const forms: [name: string, contents: JsonObject | JsonObject[] | string, expected: Message[]][] = [
  ['contents', hello, [user(text('Hi'))]],
  ['no role', [{ parts: [{ text: 'Hi' }] }], [user(text('Hi'))]],
  ['a string', 'Hi', [user(text('Hi'))]],
  ['one content', { role: 'user', parts: [{ text: 'Hi' }] }, [user(text('Hi'))]],
  ['a bare part', { text: 'Hi' }, [user(text('Hi'))]],
  ['bare parts', [{ text: 'a' }, { text: 'b' }], [user(text('a'), text('b'))]],
  ['strings', ['a', 'b'] as unknown as JsonObject[], [user(text('a'), text('b'))]],
  ['parts that are a string', [{ role: 'user', parts: 'Hi' }], [user(text('Hi'))]],
  ['two turns of the user', [...hello, { role: 'user', parts: [{ text: 'x' }] }], [user(text('Hi')), user(text('x'))]],
  [
    'a system turn',
    [{ role: 'system', parts: [{ text: 's' }] }, ...hello],
    [{ role: 'system', parts: [text('s')] }, user(text('Hi'))],
  ],
  ['empty text', [{ parts: [{ text: '' }, { text: 'a' }] }], [user(text('a'))]],
]

test.each(forms)('form: %s', (_name, contents, expected) => {
  expect(readContents(contents)).toEqual(expected)
})

test.each([
  ['a content', { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] }],
  ['parts', [{ text: 'a' }, { text: 'b' }]],
])('system instruction as %s', (_name, systemInstruction) => {
  const system = { role: 'system', parts: [text('a'), text('b')] }
  expect(read({ systemInstruction }).value.messages[0]).toEqual(system)
  expect(read({ system_instruction: systemInstruction }).value.messages[0]).toEqual(system)
})

test('system instruction as a string', () => {
  expect(read({ systemInstruction: 'a' }).value.messages[0]).toEqual({ role: 'system', parts: [text('a')] })
})

const media: [name: string, part: JsonObject, expected: UserPart][] = [
  [
    'image',
    { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
  ],
  [
    'image in snake case, base64 for URLs',
    { inline_data: { mime_type: 'image/JPEG', data: '-_8' } },
    { type: 'image', source: { type: 'base64', mediaType: 'image/jpeg', data: '+/8=' } },
  ],
  ['wav', { inlineData: { mimeType: 'audio/wav', data: 'AA==' } }, { type: 'audio', format: 'wav', data: 'AA==' }],
  ['mp3', { inlineData: { mimeType: 'audio/mpeg', data: 'AA==' } }, { type: 'audio', format: 'mp3', data: 'AA==' }],
  [
    'raw samples',
    { inlineData: { mimeType: 'audio/L16;rate=24000', data: 'AA==' } },
    { type: 'audio', format: 'pcm16', data: 'AA==' },
  ],
  [
    'PDF',
    { inlineData: { mimeType: 'application/pdf', data: 'AA==', displayName: 'a.pdf' } },
    { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' }, filename: 'a.pdf' },
  ],
  [
    'an upload',
    { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc', mimeType: 'image/png' } },
    { type: 'image', source: { type: 'id', id: 'abc' } },
  ],
  [
    'a file in the cloud',
    { file_data: { file_uri: 'gs://bucket/a.pdf', mime_type: 'application/pdf' } },
    { type: 'file', source: { type: 'url', url: 'gs://bucket/a.pdf' } },
  ],
  [
    'an image on the web',
    { fileData: { fileUri: 'https://example.com/a.png', mimeType: 'image/png' } },
    { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
  ],
]

test.each(media)('media: %s', (_name, part, expected) => {
  expect(readContents([{ role: 'user', parts: [part] }])).toEqual([user(expected)])
})

test('settings of a part are reported', () => {
  const parts = [{ inlineData: { mimeType: 'video/mp4', data: 'AA==' }, videoMetadata: { fps: 2 } }]
  expect(read({ contents: [{ parts }] }).warnings).toEqual([
    { feature: 'contents[0].parts[0].videoMetadata', reason: 'only Google has such a setting' },
  ])
})

describe('calls and results', () => {
  function callsAndResults(calls: JsonObject[], ...results: JsonObject[][]): { calls: string[]; results: Message[] } {
    const messages = readContents([
      ...hello,
      { role: 'model', parts: calls.map((functionCall) => ({ functionCall })) },
      ...results.map((list) => ({ role: 'user', parts: list.map((functionResponse) => ({ functionResponse })) })),
    ])
    const assistant = messages[1]
    if (assistant?.role !== 'assistant') throw new Error('no answer')
    const ids = assistant.parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))
    return { calls: ids, results: messages.slice(2) }
  }

  test('by id, whatever the order', () => {
    const { results } = callsAndResults(
      [
        { id: 'a', name: 'f', args: { x: 1 } },
        { id: 'b', name: 'f', args: {} },
      ],
      [
        { id: 'b', name: 'f', response: { output: 'B' } },
        { id: 'a', name: 'f', response: { output: 'A' } },
      ],
    )
    expect(results).toEqual([
      { role: 'tool', callId: 'b', name: 'f', parts: [text('B')] },
      { role: 'tool', callId: 'a', name: 'f', parts: [text('A')] },
    ])
  })

  test('without ids by name, then by order; in one turn or several', () => {
    const calls = [{ name: 'f' }, { name: 'g' }, { name: 'f' }]
    const results = [
      { name: 'g', response: { result: '1' } },
      { name: 'f', response: { result: '2' } },
      { name: 'f', response: { result: '3' } },
    ]
    const one = callsAndResults(calls, results)
    const [first, second, third] = one.calls
    expect(new Set(one.calls).size).toBe(3)
    expect(one.results.map((message) => message.role === 'tool' && message.callId)).toEqual([second, first, third])
    expect(callsAndResults(calls, ...results.map((result) => [result]))).toEqual(one)
  })

  test('ids stay the same as the conversation grows, and no turn takes those of another', () => {
    const turn = [
      { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
      { role: 'function', parts: [{ functionResponse: { name: 'f', response: {} } }] },
    ]
    const short = readContents([...hello, ...turn])
    const long = readContents([...hello, ...turn, ...turn])
    expect(long.slice(0, 3)).toEqual(short)
    const ids = long.flatMap((message) => (message.role === 'tool' ? [message.callId] : []))
    expect(new Set(ids).size).toBe(2)
  })

  test('a result with an unknown id answers the open call of its name', () => {
    const { calls, results } = callsAndResults([{ name: 'f' }], [{ id: 'lost', name: 'f', response: {} }])
    expect(results).toMatchObject([{ callId: calls[0] }])
  })

  test('results come before what the user says beside them', () => {
    const messages = readContents([
      ...hello,
      { role: 'model', parts: [{ functionCall: { id: 'a', name: 'f', args: { q: 'ü' } } }] },
      {
        role: 'user',
        parts: [{ text: 'and' }, { functionResponse: { id: 'a', name: 'f', response: { output: 'A' } } }],
      },
    ])
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '{"q":"ü"}' }] },
      { role: 'tool', callId: 'a', name: 'f', parts: [text('A')] },
      user(text('and')),
    ])
  })

  const responses: [name: string, response: unknown, words: string, isError: boolean][] = [
    ['output', { output: 'x' }, 'x', false],
    ['result', { result: 'x' }, 'x', false],
    ['error', { error: 'x' }, 'x', true],
    ['an error with members', { error: { code: 3 } }, '{"error":{"code":3}}', true],
    ['AI SDK', { name: 'f', content: 'x' }, 'x', false],
    ['members of its own', { a: 1, output: 'x' }, '{"a":1,"output":"x"}', false],
    ['an output with members', { output: { a: 1 } }, '{"output":{"a":1}}', false],
    ['nothing', null, '', false],
    ['a string', 'x', 'x', false],
  ]

  test.each(responses)('response: %s', (_name, response, words, isError) => {
    const { results } = callsAndResults([{ id: 'a', name: 'f' }], [{ id: 'a', name: 'f', response } as JsonObject])
    const expected = { role: 'tool', callId: 'a', name: 'f', parts: [text(words)] }
    expect(results).toEqual([isError ? { ...expected, isError } : expected])
  })

  test('images inside a result', () => {
    const parts = [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }]
    const { results } = callsAndResults(
      [{ id: 'a', name: 'f' }],
      [{ id: 'a', name: 'f', response: { output: 'x' }, parts }],
    )
    const image = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } }
    expect(results).toEqual([{ role: 'tool', callId: 'a', name: 'f', parts: [text('x'), image] }])
  })
})

describe('earlier answers', () => {
  function answer(...contents: JsonObject[][]): unknown {
    const turns = contents.map((parts) => ({ role: 'model', parts }))
    const [, message, ...more] = readContents([...hello, ...turns])
    expect(more).toEqual([])
    return message?.parts
  }
  const origin = { provider: 'p', model: 'm' }
  const raw = { provider: '', model: '' }

  test('the pieces of a stream are one answer', () => {
    expect(
      answer(
        [{ text: 'a', thought: true }],
        [{ text: 'b', thought: true }],
        [{ text: 'c' }],
        [{ text: 'd' }],
        [{ text: '' }],
      ),
    ).toEqual([{ type: 'reasoning', text: 'ab' }, text('cd')])
  })

  test('a signature signs the thought before it', () => {
    const thoughtSignature = seal({ ...origin, signature: 'S' })
    const signed = [{ type: 'reasoning', text: 'ab', signature: 'S', origin }]
    expect(answer([{ text: 'a', thought: true }], [{ text: 'b', thought: true, thoughtSignature }])).toEqual(signed)
    expect(
      answer([
        { text: 'ab', thought: true },
        { text: '', thought: true, thoughtSignature },
      ]),
    ).toEqual(signed)
    expect(
      answer([
        { text: 'ab', thought: true },
        { text: '', thought_signature: thoughtSignature },
      ]),
    ).toEqual(signed)
  })

  test('a thought that was not shown', () => {
    const thoughtSignature = seal({ ...origin, signature: 'S', text: 'hidden' })
    expect(answer([{ text: '', thoughtSignature }, { text: 'a' }])).toEqual([
      { type: 'reasoning', text: 'hidden', signature: 'S', origin },
      text('a'),
    ])
  })

  test('an encrypted thought', () => {
    expect(answer([{ text: '', thoughtSignature: seal({ ...origin, redacted: 'R' }) }])).toEqual([
      { type: 'reasoning', text: '', redacted: 'R', origin },
    ])
  })

  test("Google's own signatures are for nobody else", () => {
    expect(
      answer([
        { text: 'a', thoughtSignature: 'AVSo' },
        { functionCall: { id: 'c', name: 'f' }, thoughtSignature: 'AVSp' },
      ]),
    ).toEqual([
      text('a'),
      { type: 'reasoning', text: '', signature: 'AVSo', origin: raw },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'AVSp', origin: raw },
    ])
  })

  test("a call's own signature", () => {
    const thoughtSignature = seal({ ...origin, signature: 'S' })
    expect(answer([{ functionCall: { id: 'c', name: 'f' }, thoughtSignature }])).toEqual([
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'S', origin },
    ])
  })

  test.each([
    ['signed', { signature: 'S', text: 'hidden' }, { text: 'hidden', signature: 'S' }],
    ['signed, of no text', { signature: 'S', text: '' }, { text: '', signature: 'S' }],
    ['encrypted', { redacted: 'R' }, { text: '', redacted: 'R' }],
  ])('a call that carries the thought before it: %s', (_name, sealed, thought) => {
    const functionCall = { id: 'c', name: 'f' }
    const thoughtSignature = seal({ ...origin, ...sealed })
    const expected = [
      { type: 'reasoning', ...thought, origin },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}' },
    ]
    expect(answer([{ functionCall, thoughtSignature }])).toEqual(expected)
    // Clients that also keep thoughts, with their signature or without.
    expect(
      answer([
        { text: '', thoughtSignature },
        { functionCall, thoughtSignature },
      ]),
    ).toEqual(expected)
    if (thought.text !== '')
      expect(
        answer([
          { text: 'hidden', thought: true },
          { functionCall, thoughtSignature },
        ]),
      ).toEqual(expected)
  })

  test("what Google's own tools did is left out", () => {
    const parts = [
      { executableCode: { language: 'PYTHON', code: '1' } },
      { code_execution_result: { outcome: 'OUTCOME_OK' } },
      { text: 'a' },
    ]
    const { value, warnings } = read({ contents: [...hello, { role: 'model', parts }] })
    expect(value.messages[1]?.parts).toEqual([text('a')])
    expect(warnings.map(({ feature }) => feature)).toEqual([
      'contents[1].parts[0].executableCode',
      'contents[1].parts[1].codeExecutionResult',
    ])
  })

  test('an empty answer is none', () => {
    expect(
      readContents([...hello, { role: 'model' }, { role: 'model', parts: [{ text: '' }] }, ...hello]),
    ).toHaveLength(2)
  })
})

test('40 000 calls and their results find each other, in time', () => {
  const parts = Array.from({ length: 40_000 }, (_, index) => ({ functionCall: { name: `f${index % 7}`, args: {} } }))
  const results = parts.map(({ functionCall }) => ({ functionResponse: { name: functionCall.name, response: {} } }))
  const [asked, ...answers] = readContents([
    { role: 'model', parts },
    { role: 'user', parts: results },
  ])
  const ids = asked?.parts.map((part) => ('id' in part ? part.id : undefined))
  expect(answers.map((answer) => (answer.role === 'tool' ? answer.callId : undefined))).toEqual(ids)
})

test('50 000 calls that carry thoughts of their own are read in time', () => {
  const parts = Array.from({ length: 50_000 }, (_, index) => ({
    functionCall: { name: 'f', args: {} },
    thoughtSignature: seal({ provider: 'p', model: 'm', redacted: `thought ${index}` }),
  }))
  expect(readContents([{ role: 'model', parts }])[0]?.parts).toHaveLength(100_000)
})
