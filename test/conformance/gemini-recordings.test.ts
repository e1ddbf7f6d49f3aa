import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collect } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import { asArray, asObject, parseJson, type Json } from '../../gateway/chat/json.ts'
import { gemini } from '../../gateway/dialects/gemini/index.ts'
import { SseReader, sseEvent } from '../../gateway/dialects/sse.ts'
import { checkEvents } from './event-invariants.ts'
import { cutRandomly, listRecordings, readChunks, readVcr, recordingsRoot, seededRandom } from './recordings.ts'

interface Recording {
  name: string
  body: string
}

const provider = gemini.provider ?? absent()
const chat = provider.chat ?? absent()

function absent(): never {
  throw new Error('the dialect has no chat')
}

function decodeSse(pieces: Uint8Array[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = chat.decodeStream((event) => events.push(event))
  const reader = new SseReader((name, data) => decoder.event(name, data))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  decoder.end()
  return events
}

function decodeWhole(body: Json): ChatEvent[] {
  const events: ChatEvent[] = []
  chat.decodeWhole(body, (event) => events.push(event))
  return events
}

const cassettes = [
  ...listRecordings('pydantic-ai/test_google', '.yaml'),
  ...listRecordings('pydantic-ai/test_stream_close', 'google.yaml'),
].flatMap((file) =>
  readVcr(file).flatMap(({ request, response }, index) => ({
    ...response,
    uri: request.uri,
    name: `${basename(file)} ${index}`,
  })),
)
// One cassette begins with a call to another provider.
const googles = cassettes.filter(
  ({ uri, status }) => uri.includes('generativelanguage.googleapis.com') && status === 200,
)

const streams: Recording[] = [
  ...listRecordings('vercel-ai/google', '.chunks.txt').map((file) => ({
    name: basename(file),
    body: readChunks(file)
      .map((chunk) => sseEvent(chunk))
      .join(''),
  })),
  ...googles.filter(({ uri }) => uri.includes(':streamGenerateContent')),
]
const wholes: Recording[] = [
  ...listRecordings('vercel-ai/google', '.json')
    .filter((file) => !basename(file).includes('429'))
    .map((file) => ({ name: basename(file), body: readFileSync(file, 'utf8') })),
  ...googles.filter(({ uri }) => uri.endsWith(':generateContent')),
]

// A stream without its last chunk on purpose: nothing says why it ended.
const isCut = (recording: Recording): boolean => !recording.body.includes('finishReason')

describe.skipIf(recordingsRoot() === undefined)('recordings of Google (absent: ../shared/recordings)', () => {
  test('there are some', () => {
    expect(streams.length).toBeGreaterThanOrEqual(12)
    expect(wholes.length).toBeGreaterThanOrEqual(8)
  })

  test.each(streams)('stream $name', (recording) => {
    const bytes = Buffer.from(recording.body)
    const events = decodeSse([bytes])
    expect(checkEvents(events)).toEqual([])
    const reply = collect(events)
    expect(reply.error?.code).toBe(isCut(recording) ? 'stream_truncated' : undefined)
    expect(reply.usage?.input).toBeGreaterThan(0)
    expect(reply.choices[0]?.parts.length).toBeGreaterThan(0)
  })

  test.each(streams)('stream $name, cut anywhere', ({ body }) => {
    const bytes = Buffer.from(body)
    const expected = decodeSse([bytes])
    for (let seed = 1; seed <= 5; seed += 1) expect(decodeSse(cutRandomly(bytes, seededRandom(seed)))).toEqual(expected)
  })

  test.each(wholes)('whole $name', ({ body }) => {
    const events = decodeWhole(JSON.parse(body) as Json)
    expect(checkEvents(events)).toEqual([])
    const reply = collect(events)
    expect(reply.error).toBeUndefined()
    expect(reply.usage?.output).toBeGreaterThan(0)
    expect(reply.choices[0]?.parts.length).toBeGreaterThan(0)
  })

  test.each([
    ['google-stream-tool-call-arguments.chunks.txt', ['{"location":"Boston"}', '{"location":"San Francisco"}']],
    [
      'google-stream-tool-call-array-arguments-missing-terminal-function-call.chunks.txt',
      [
        '{"operations":[{"action":"add","description":"Fresh red apple","itemid":"apple_001","price":0.5},' +
          '{"action":"add","description":"Ripe yellow banana","itemid":"banana_001","price":0.3}]}',
      ],
    ],
  ])('streamed arguments of %s', (name, expected) => {
    const body = streams.find((recording) => recording.name === name)?.body ?? ''
    const { choices } = collect(decodeSse([Buffer.from(body)]))
    expect(choices[0]?.parts.map((part) => (part.type === 'tool-call' ? part.arguments : part.type))).toEqual(expected)
    expect(choices[0]?.parts[0]).toMatchObject({ signature: expect.stringMatching(/^[\w+/=]{100,}$/) })
    expect(choices[0]?.finish).toEqual({ unified: 'tool-calls', raw: 'STOP' })
  })

  test('nested streamed arguments', () => {
    const name = 'google-vertex-stream-tool-call-arguments-nested.1.chunks.txt'
    const body = streams.find((recording) => recording.name === name)?.body ?? ''
    const [call, ...more] = collect(decodeSse([Buffer.from(body)])).choices[0]?.parts ?? []
    expect(more).toEqual([])
    const recipe = asObject(asObject(parseJson(call?.type === 'tool-call' ? call.arguments : ''))?.['recipe'])
    const steps = asArray(recipe?.['steps'])
    expect(steps).toHaveLength(10)
    expect(steps?.at(-1)).toBe('Let stand for 15 minutes before serving.')
  })

  test('an answer that goes back is what Google sent, signature and all', () => {
    const name = 'test_google_streaming_tool_call_thought_signature.yaml 0'
    const body = streams.find((recording) => recording.name === name)?.body ?? ''
    const parts = collect(decodeSse([Buffer.from(body)])).choices[0]?.parts ?? []
    const request = { model: 'm', stream: true, messages: [{ role: 'assistant' as const, parts }] }
    const { value } = chat.write(request, { provider: 'google', model: 'gemini-3-pro-preview', facts: {} })
    const signature = /"thoughtSignature": ?"([^"]+)"/.exec(body)?.[1]
    expect(value['contents']).toEqual([
      {
        role: 'model',
        parts: [
          { functionCall: { id: expect.any(String), name: 'get_country', args: {} }, thoughtSignature: signature },
        ],
      },
    ])
  })

  test.each(listRecordings('vercel-ai/google', '429-retry-info.json'))('error %s', (file) => {
    expect(provider.readError({ status: 429, headers: {}, body: readFileSync(file, 'utf8') })).toEqual({
      status: 429,
      message: 'You exceeded your current quota, please check your plan.',
      type: 'rate_limit_error',
      code: 'RESOURCE_EXHAUSTED',
      retryable: true,
      fallback: true,
      retryAfterMs: 34_400,
    })
  })
})
