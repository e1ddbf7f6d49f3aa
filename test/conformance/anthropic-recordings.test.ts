import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collect } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { decodeStream, decodeWhole } from '../../gateway/dialects/anthropic-messages/provider/decode.ts'
import { readError } from '../../gateway/dialects/anthropic-messages/provider/errors.ts'
import { sseEvent, SseReader } from '../../gateway/dialects/sse.ts'
import { checkEvents } from './event-invariants.ts'
import {
  cutRandomly,
  type Exchange,
  listRecordings,
  readChunks,
  readVcr,
  recordingsRoot,
  seededRandom,
} from './recordings.ts'

interface Recording {
  name: string
  body: string
}

const cassettes = listRecordings('pydantic-ai', '.yaml')
  .flatMap((file) => readVcr(file).map((exchange, index) => ({ name: `${basename(file)} #${index}`, ...exchange })))
  .filter(({ request }) => request.uri.startsWith('https://api.anthropic.com/'))

/** A second answer begins inside the first: vercel/ai's own test demands an error (issue 18331). */
const broken = new Set(['spliced-message-start.chunks.txt'])

const streams = [...chunkStreams(), ...cassettes.filter(isAnswer).filter(isStream).map(bodyOf)]
const wholes = [
  ...jsonFiles(),
  ...cassettes
    .filter(isAnswer)
    .filter((it) => !isStream(it))
    .map(bodyOf),
]
const refusals = cassettes.filter((exchange) => !isAnswer(exchange))

describe.skipIf(recordingsRoot() === undefined)(
  'recorded Anthropic traffic (skipped without ../shared/recordings)',
  () => {
    test('there is some of every kind', () => {
      expect(streams.length).toBeGreaterThan(20)
      expect(wholes.length).toBeGreaterThan(20)
      expect(refusals.length).toBeGreaterThan(1)
    })

    test.each(streams)('stream $name', ({ name, body }) => {
      const events = decodePieces([Buffer.from(body)])
      expect(checkEvents(events)).toEqual([])
      if (broken.has(name)) return expect(collect(events).error?.code).toBe('upstream_invalid_response')
      const reply = collect(events)
      expect(reply.error).toBeUndefined()
      expect(outline(reply)).toEqual(outlineOfWire(wireMessage(body)))
    })

    test.each(wholes)('whole $name', ({ body }) => {
      const message = JSON.parse(body) as JsonObject
      const events: ChatEvent[] = []
      decodeWhole(message, (event) => events.push(event))
      expect(checkEvents(events)).toEqual([])
      expect(collect(events).error).toBeUndefined()
      expect(outline(collect(events))).toEqual(outlineOfWire(message))
    })

    test.each(refusals)('error $name', ({ response }) => {
      const error = readError(response)
      const wire = asObject(asObject(JSON.parse(response.body))?.['error'])
      expect(error).toMatchObject({
        status: response.status,
        message: wire?.['message'],
        retryable: false,
        fallback: false,
      })
    })

    test.each(streams)('stream $name, cut anywhere, gives the same events', ({ body }) => {
      const bytes = Buffer.from(body)
      const expected = decodePieces([bytes])
      for (const seed of [1, 2, 3]) expect(decodePieces(cutRandomly(bytes, seededRandom(seed)))).toEqual(expected)
      if (bytes.length < 10_000) expect(decodePieces([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected)
    })

    const small = streams.filter(({ body }) => body.length < 2500)
    test.each(small)('stream $name, cut at every boundary, gives the same events', ({ body }) => {
      const bytes = Buffer.from(body)
      const expected = JSON.stringify(decodePieces([bytes]))
      for (let cut = 1; cut < bytes.length; cut++) {
        const events = decodePieces([bytes.subarray(0, cut), bytes.subarray(cut)])
        if (JSON.stringify(events) !== expected) expect.fail(`cut at byte ${cut} changes the events`)
      }
    })

    test.each(streams)('stream $name, ended early, is an error with its blocks closed', ({ body }) => {
      const end = body.lastIndexOf('"message_delta"')
      const events = decodePieces([Buffer.from(body.slice(0, body.lastIndexOf('data:', end)))])
      expect(checkEvents(events)).toEqual([])
      expect(collect(events).error).toMatchObject({ status: 502, retryable: true })
    })
  },
)

function decodePieces(pieces: Uint8Array[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = decodeStream((event) => events.push(event))
  const reader = new SseReader((name, data) => decoder.event(name, data))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  decoder.end()
  return events
}

/** Some files hold the answers of several calls, one after the other. */
function chunkStreams(): Recording[] {
  return listRecordings('vercel-ai/anthropic', '.chunks.txt').flatMap((file) => {
    const events = readChunks(file).map((line) => sseEvent(line, asString(asObject(JSON.parse(line))?.['type'])))
    const answers = events.join('').split(/(?<=event: message_stop\n.*\n\n)/)
    return answers.map((body, index) => ({ name: index === 0 ? basename(file) : `${basename(file)} #${index}`, body }))
  })
}

function jsonFiles(): Recording[] {
  const files = listRecordings('vercel-ai/anthropic', '.json')
  return files.map((file) => ({ name: basename(file), body: readFileSync(file, 'utf8') }))
}

function isAnswer({ response }: Exchange): boolean {
  return response.status === 200
}

function isStream({ response }: Exchange): boolean {
  return response.body.startsWith('event:')
}

function bodyOf({ name, response }: Exchange & { name: string }): Recording {
  return { name, body: response.body }
}

/** The message that a stream comes to, put together the plain way, as a second opinion. */
function wireMessage(body: string): JsonObject {
  const events = body
    .split('\n')
    .flatMap((line) => (line.startsWith('data:') ? [JSON.parse(line.slice(5)) as JsonObject] : []))
  const ofType = (type: string): JsonObject[] => events.filter((event) => event['type'] === type)
  const started = asObject(ofType('message_start')[0]?.['message']) ?? {}
  const last = ofType('message_delta').at(-1) ?? {}
  const content = ofType('content_block_start').map((event) => wireBlock(event, ofType('content_block_delta')))
  const usage = { ...asObject(started['usage']), ...asObject(last['usage']) }
  return { ...started, ...asObject(last['delta']), content, usage }
}

function wireBlock(event: JsonObject, allDeltas: JsonObject[]): JsonObject {
  const block = { ...asObject(event['content_block']) }
  const deltas = allDeltas.filter(({ index }) => index === event['index']).map(({ delta }) => asObject(delta) ?? {})
  const joined = (name: string): string => deltas.map((delta) => asString(delta[name]) ?? '').join('')
  if (block['type'] === 'text') block['text'] = `${asString(block['text'])}${joined('text')}`
  if (block['type'] === 'thinking') block['thinking'] = joined('thinking')
  if (block['type'] === 'thinking') block['signature'] = joined('signature')
  if (block['type'] === 'tool_use' && joined('partial_json') !== '')
    block['input'] = JSON.parse(joined('partial_json')) as Json
  const citations = deltas.flatMap(({ citation }) => (citation === undefined ? [] : [citation]))
  return citations.length === 0 ? block : { ...block, citations }
}

interface Outline {
  id: string | undefined
  model: string | undefined
  text: string
  thinking: Json[]
  calls: Json[]
  citedUrls: (string | undefined)[]
  finish: string | undefined
  input: number | undefined
  output: number | undefined
}

function outline(reply: ReturnType<typeof collect>): Outline {
  const choice = reply.choices[0]
  const parts = choice?.parts ?? []
  return {
    id: reply.id,
    model: reply.model,
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    thinking: parts.flatMap((part) =>
      part.type === 'reasoning' ? [part.redacted ?? [part.text, part.signature ?? null]] : [],
    ),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [[part.id, part.name, JSON.parse(part.arguments) as Json]] : [],
    ),
    citedUrls: (choice?.annotations ?? []).map(({ url }) => url),
    finish: choice?.finish?.raw,
    input: reply.usage?.input,
    output: reply.usage?.output,
  }
}

function outlineOfWire(message: JsonObject): Outline {
  const content = (asArray(message['content']) ?? []).map((block) => asObject(block) ?? {})
  const ofType = (type: string): JsonObject[] => content.filter((block) => block['type'] === type)
  const citations = ofType('text')
    .flatMap((block) => asArray(block['citations']) ?? [])
    .map(asObject)
  const thinking = content.filter(({ type }) => type === 'thinking' || type === 'redacted_thinking')
  return {
    id: asString(message['id']),
    model: asString(message['model']),
    text: ofType('text')
      .map((block) => asString(block['text']))
      .join(''),
    thinking: thinking.map((block) => block['data'] ?? [block['thinking'] ?? '', block['signature'] ?? null]),
    calls: ofType('tool_use').map((block) => [block['id'] ?? '', block['name'] ?? '', block['input'] ?? {}]),
    citedUrls: citations.flatMap((citation) => (citation?.['url'] === undefined ? [] : [asString(citation['url'])])),
    finish: asString(message['stop_reason']),
    ...wireTotals(asObject(message['usage']) ?? {}),
  }
}

function wireTotals(usage: JsonObject): { input: number; output: number } {
  const compaction = (asArray(usage['iterations']) ?? []).map(asObject).filter((it) => it?.['type'] === 'compaction')
  const total = (name: string): number =>
    [usage, ...compaction].reduce((sum, counts) => sum + (asNumber(counts?.[name]) ?? 0), 0)
  const inputs = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']
  return { input: inputs.reduce((sum, name) => sum + total(name), 0), output: total('output_tokens') }
}
