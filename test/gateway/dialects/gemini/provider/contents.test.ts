import { describe, expect, test } from 'vitest'
import type { AssistantPart, Message, UserPart } from '../../../../../gateway/chat/request.ts'
import { writeConversation } from '../../../../../gateway/dialects/gemini/provider/contents.ts'
import { GatewayError } from '../../../../../gateway/errors.ts'

const text = (value: string) => ({ type: 'text' as const, text: value })
const user = (...parts: UserPart[]): Message => ({ role: 'user', parts })
const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts })
const system = (value: string, developer = false): Message => ({ role: 'system', developer, parts: [text(value)] })
const call = (id: string, name: string, more: object = {}): AssistantPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: '{"a":1}',
  ...more,
})
const result = (callId: string, ...parts: UserPart[]): Message => ({ role: 'tool', callId, parts })

function write(messages: Message[], model = 'gemini-2.5-flash') {
  const lost: string[] = []
  const written = writeConversation(messages, { provider: 'google', model, facts: {} }, (feature) => lost.push(feature))
  return { ...written, lost }
}

const parts = (messages: Message[], model?: string) =>
  write(messages, model).contents.flatMap((content) => content.parts)

describe('roles', () => {
  test('system and developer become the instruction, neighbours of one role one turn', () => {
    expect(
      write([
        system('be kind'),
        system('be brief', true),
        user(text('a')),
        user(text('b'), text('')),
        assistant(text('c')),
        assistant({ type: 'refusal', text: 'd' }, text('')),
        user(text('e')),
      ]),
    ).toEqual({
      systemInstruction: { parts: [{ text: 'be kind' }, { text: 'be brief' }] },
      contents: [
        { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
        { role: 'model', parts: [{ text: 'c' }, { text: 'd' }] },
        { role: 'user', parts: [{ text: 'e' }] },
      ],
      lost: [],
    })
  })

  test('an instruction in the middle is moved and reported', () => {
    const written = write([user(text('a')), system('late')])
    expect(written.systemInstruction).toEqual({ parts: [{ text: 'late' }] })
    expect(written.lost).toEqual(['messages[1]'])
  })

  test('instructions alone become the turn', () => {
    expect(write([system('say hi')])).toEqual({ contents: [{ role: 'user', parts: [{ text: 'say hi' }] }], lost: [] })
  })

  test('a message without content is no turn', () => {
    expect(write([user(text('a')), assistant(text('')), user(text('b'))]).contents).toEqual([
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
    ])
  })
})

describe('media', () => {
  const file = (url: string): UserPart => ({ type: 'file', source: { type: 'url', url } })
  test.each<[string, UserPart, object]>([
    [
      'image',
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    ],
    [
      'PDF',
      { type: 'file', filename: 'a.pdf', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' } },
      { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
    ],
    [
      'type by name',
      {
        type: 'file',
        filename: 'A.PDF',
        source: { type: 'base64', mediaType: 'application/octet-stream', data: 'AA==' },
      },
      { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
    ],
    ['wav', { type: 'audio', format: 'wav', data: 'AA==' }, { inlineData: { mimeType: 'audio/wav', data: 'AA==' } }],
    ['mp3', { type: 'audio', format: 'mp3', data: 'AA==' }, { inlineData: { mimeType: 'audio/mp3', data: 'AA==' } }],
    ['opus', { type: 'audio', format: 'opus', data: 'AA==' }, { inlineData: { mimeType: 'audio/ogg', data: 'AA==' } }],
    [
      'file id',
      { type: 'file', source: { type: 'id', id: 'files/abc' } },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc' } },
    ],
    [
      'file URI as id',
      { type: 'image', source: { type: 'id', id: 'gs://b/c.png' } },
      { fileData: { fileUri: 'gs://b/c.png' } },
    ],
    ['Cloud Storage', file('gs://bucket/a.mp4'), { fileData: { mimeType: 'video/mp4', fileUri: 'gs://bucket/a.mp4' } }],
    [
      'Files API',
      file('https://generativelanguage.googleapis.com/v1beta/files/x'),
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } },
    ],
    [
      'YouTube',
      file('https://www.youtube.com/watch?v=abc'),
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=abc' } },
    ],
  ])('%s', (_name, part, expected) => {
    expect(parts([user(part)])).toEqual([expected])
  })

  test.each(['https://example.com/a.png', 'https://youtube.com.example.com/', 'http://youtu.be/x', 'no url'])(
    'a file on the web that was not inlined is refused by name: %s',
    (url) => {
      const image: UserPart = { type: 'image', source: { type: 'url', url } }
      const failure = catchError(() => write([user(text('a')), user(text('b'), image)]))
      expect(failure).toMatchObject({ code: 'unsupported_content', status: 400, param: 'messages[1].content[1]' })
      expect(failure.message).not.toContain('example.com')
    },
  )
})

describe('tool results', () => {
  const asked = [user(text('?')), assistant(call('1', 'first'), call('2', 'second'))]

  test('results of parallel calls are one turn of the user, named by the call', () => {
    expect(write([...asked, result('1', text('{"ok":true}')), result('2', text('sunny'))]).contents.at(-1)).toEqual({
      role: 'user',
      parts: [
        { functionResponse: { id: '1', name: 'first', response: { ok: true } } },
        { functionResponse: { id: '2', name: 'second', response: { result: 'sunny' } } },
      ],
    })
  })

  test.each([
    ['[1,2]', false, { result: '[1,2]' }],
    ['null', false, { result: 'null' }],
    ['', false, { result: '' }],
    ['boom', true, { error: 'boom' }],
    ['{"error":"boom"}', true, { error: 'boom' }],
    // Without the member it would look like a success.
    ['{"reason":"boom"}', true, { error: '{"reason":"boom"}' }],
  ])('response %j, error %s', (value, isError, response) => {
    const [, , last] = parts([
      user(text('?')),
      assistant(call('1', 'first')),
      { role: 'tool', callId: '1', isError, parts: [text(value)] },
    ])
    expect(last).toEqual({ functionResponse: { id: '1', name: 'first', response } })
  })

  test('images go beside', () => {
    const image: UserPart = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } }
    expect(parts([...asked, result('1', text('see'), image)]).slice(-2)).toEqual([
      { functionResponse: { id: '1', name: 'first', response: { result: 'see' } } },
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    ])
  })

  test('the same id used again names the later call', () => {
    const messages = [...asked, result('1', text('x')), assistant(call('1', 'third')), result('1', text('y'))]
    expect(parts(messages).at(-1)).toMatchObject({ functionResponse: { name: 'third' } })
  })

  test('an answer to no call is refused by name', () => {
    const failure = catchError(() => write([user(text('a')), result('9', text('x'))]))
    expect(failure).toMatchObject({ code: 'invalid_request', param: 'messages[1].tool_call_id' })
    expect(write([{ role: 'tool', callId: '9', name: 'known', parts: [text('x')] }]).contents).toHaveLength(1)
  })
})

describe('arguments', () => {
  test.each([
    ['{"a":{"b":[1]}}', { a: { b: [1] } }],
    ['', {}],
    ['{"a":', { arguments: '{"a":' }],
    ['[1]', { arguments: '[1]' }],
  ])('%j', (value, args) => {
    expect(parts([assistant({ type: 'tool-call', id: '1', name: 'f', arguments: value })])).toEqual([
      { functionCall: { id: '1', name: 'f', args } },
    ])
  })
})

describe('signatures', () => {
  const here = { provider: 'google', model: 'gemini-3-pro' }
  const there = { provider: 'google', model: 'gemini-2.5-pro' }
  const signatures = (messages: Message[], model = 'gemini-3-pro') =>
    parts(messages, model).map((part) => part['thoughtSignature'])

  test.each<[string, AssistantPart[], string, (string | undefined)[]]>([
    [
      'own signature, byte for byte',
      [call('1', 'f', { signature: 'Ab+/==', origin: here })],
      'gemini-3-pro',
      ['Ab+/=='],
    ],
    ['signature of untold origin', [call('1', 'f', { signature: 'S' })], 'gemini-3-pro', ['S']],
    [
      'foreign signature',
      [call('1', 'f', { signature: 'S', origin: there })],
      'gemini-3-pro',
      ['skip_thought_signature_validator'],
    ],
    ['no signature', [call('1', 'f')], 'gemini-3-pro', ['skip_thought_signature_validator']],
    [
      'parallel calls, first signed',
      [call('1', 'f', { signature: 'S' }), call('2', 'g')],
      'gemini-3-pro',
      ['S', undefined],
    ],
    [
      'parallel calls, none signed',
      [call('1', 'f'), call('2', 'g')],
      'gemini-3.1-pro',
      ['skip_thought_signature_validator', undefined],
    ],
    ['2.5 needs none', [call('1', 'f')], 'gemini-2.5-pro', [undefined]],
    ['2.5 echoes its own', [call('1', 'f', { signature: 'S', origin: there })], 'gemini-2.5-pro', ['S']],
    [
      'text before does not matter',
      [text('so'), call('1', 'f')],
      'gemini-3-pro',
      [undefined, 'skip_thought_signature_validator'],
    ],
  ])('%s', (_name, answer, model, expected) => {
    expect(signatures([assistant(...answer)], model)).toEqual(expected)
  })

  test('every step of a turn is signed', () => {
    expect(signatures([assistant(call('1', 'f')), result('1', text('x')), assistant(call('2', 'f'))])).toEqual([
      'skip_thought_signature_validator',
      undefined,
      'skip_thought_signature_validator',
    ])
  })

  test.each<[string, AssistantPart, object[]]>([
    [
      'signed thought',
      { type: 'reasoning', text: 'hm', signature: 'S', origin: here },
      [{ text: 'hm', thought: true, thoughtSignature: 'S' }],
    ],
    ['signature of a text', { type: 'reasoning', text: '', signature: 'S' }, [{ text: '', thoughtSignature: 'S' }]],
    ['unsigned thought', { type: 'reasoning', text: 'hm', origin: here }, []],
    ['foreign thought', { type: 'reasoning', text: 'hm', signature: 'S', origin: { ...here, provider: 'other' } }, []],
    ['redacted thought', { type: 'reasoning', text: '', redacted: 'R' }, []],
  ])('%s', (_name, part, expected) => {
    expect(parts([assistant(part)], 'gemini-3-pro')).toEqual(expected)
  })
})

function catchError(action: () => unknown): GatewayError {
  try {
    action()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
