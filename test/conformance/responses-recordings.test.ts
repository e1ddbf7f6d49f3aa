import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collect, type ChatReply } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import {
  asArray,
  asObject,
  asString,
  isObject,
  parseJson,
  type Json,
  type JsonObject,
} from '../../gateway/chat/json.ts'
import type { ProviderChat } from '../../gateway/dialects/dialect.ts'
import { openaiResponses } from '../../gateway/dialects/openai-responses/index.ts'
import { SseReader } from '../../gateway/dialects/sse.ts'
import { checkEvents } from './event-invariants.ts'
import { cutRandomly, listRecordings, readChunks, readVcr, recordingsRoot, seededRandom } from './recordings.ts'

interface Recording {
  name: string
  text: string
}

/** Made by hand, and its first and last events lack a brace: no decoder can take it. */
const broken = 'vercel-ai/openai/responses/parallel-tool-call-wrapper.1.chunks.txt'

const root = recordingsRoot() ?? ''
const folders = ['vercel-ai/openai/responses', 'vercel-ai/xai/responses', 'vercel-ai/open-responses']
const exchanges = ['envoy-ai-gateway', 'pydantic-ai'].flatMap((folder) =>
  listRecordings(folder, '.yaml').flatMap((file) =>
    readVcr(file)
      .filter(({ request }) => /\/responses(#stream)?$/.test(request.uri))
      .map(({ response }, at) => ({ name: `${relative(root, file)} ${at}`, text: response.body })),
  ),
)
const chunkFiles = folders.flatMap((folder) => listRecordings(folder, '.chunks.txt')).map(toStreams)
const streams = [...chunkFiles.flat(), ...exchanges.filter(isStream)].filter(({ name }) => !name.startsWith(broken))
const jsonFiles = folders
  .flatMap((folder) => listRecordings(folder, '.json'))
  .map((file) => ({ name: relative(root, file), text: readFileSync(file, 'utf8') }))
const bodies = [...jsonFiles, ...exchanges.filter((exchange) => !isStream(exchange))]
const wholes = bodies.filter(({ text }) => Array.isArray(bodyOf(text)['output']))
const errors = bodies.filter(({ text }) => isObject(bodyOf(text)['error']))

describe.skipIf(root === '')('recordings of OpenAI Responses (../shared/recordings)', () => {
  test('are there, and none is left out', () => {
    expect(streams.length).toBeGreaterThan(25)
    expect(wholes.length).toBeGreaterThan(30)
    expect(wholes.length + errors.length).toBe(bodies.length)
  })

  test.each(named(streams))('stream %s decodes to what its last event holds', (_, { text }) => {
    const events = decode([Buffer.from(text)])
    expect(checkEvents(events)).toEqual([])
    const reply = collect(events)
    const last = lastResponse(text)
    if (last['status'] === 'failed') {
      expect(reply.error?.message).toBe(asObject(last['error'])?.['message'])
      return
    }
    expect(told(reply)).toEqual(toldBy(last))
    expect(reply.usage?.input).toBe(asObject(last['usage'])?.['input_tokens'])
    expect(reply.usage?.output).toBe(asObject(last['usage'])?.['output_tokens'])
  })

  test.each(named(streams))('stream %s survives any cuts, CRLF too', (_, { text, name }) => {
    const expected = decode([Buffer.from(text)])
    for (const [seed, framed] of [text, text.replaceAll('\n', '\r\n')].entries()) {
      const pieces = cutRandomly(Buffer.from(framed), seededRandom(seed + name.length))
      expect(decode(pieces)).toEqual(expected)
    }
  })

  test.each(named(streams))('stream %s cut off anywhere is an error', (_, { text }) => {
    const cut = text.slice(0, text.lastIndexOf('data:') + 20)
    const events = decode([Buffer.from(cut)])
    expect(checkEvents(events)).toEqual([])
    expect(collect(events).error).toBeDefined()
  })

  test.each(named(wholes))('whole %s decodes to what it holds', (_, { text }) => {
    const body = bodyOf(text)
    const events = decodeWhole(body)
    expect(checkEvents(events)).toEqual([])
    expect(told(collect(events))).toEqual(toldBy(body))
    expect(collect(events).usage).toMatchObject({ input: expect.any(Number) as number })
    expect(openaiResponses.provider?.readUsage?.(body)?.output).toBe(collect(events).usage?.output)
  })

  test.each(named(errors))('error %s keeps its words', (_, { text }) => {
    const message = asObject(bodyOf(text)['error'])?.['message']
    expect(collect(decodeWhole(bodyOf(text))).error?.message).toBe(message)
  })

  test('a stream with events that are not JSON is an error, not an answer', () => {
    const [text = ''] = readChunks(`${root}/${broken}`).map((line) => `data: ${line}\n\n`)
    expect(collect(decode([Buffer.from(text.repeat(2))])).error?.code).toBe('upstream_invalid_response')
  })
})

const chat = openaiResponses.provider?.chat as ProviderChat

/** For test.each: the whole name, which vitest would cut short in an object. */
function named<T extends { name: string }>(list: T[]): [string, T][] {
  return list.map((item) => [item.name, item])
}

/** Some files hold several answers, one after the other. */
function toStreams(file: string): Recording[] {
  const answers: string[] = []
  for (const line of readChunks(file)) {
    if (answers.length === 0 || bodyOf(line)['type'] === 'response.created') answers.push('')
    answers[answers.length - 1] += `event: ${asString(bodyOf(line)['type']) ?? 'x'}\ndata: ${line}\n\n`
  }
  return answers.map((text, at) => ({ name: `${relative(root, file)} ${at}`, text }))
}

function isStream({ text }: Recording): boolean {
  return /^(event|data):/.test(text)
}

function bodyOf(text: string): JsonObject {
  return asObject(parseJson(text)) ?? {}
}

function lastResponse(text: string): JsonObject {
  const data = text.slice(text.lastIndexOf('data: ') + 'data: '.length)
  return asObject(bodyOf(data)['response']) ?? {}
}

function decode(pieces: Uint8Array[]): ChatEvent[] {
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

function told({ choices, model }: ChatReply): object {
  const parts = choices[0]?.parts ?? []
  return {
    model,
    text: parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(''),
    thoughts: parts.flatMap((part) => (part.type === 'reasoning' && part.text !== '' ? [part.text] : [])),
    encrypted: parts.filter((part) => part.type === 'reasoning' && (part.signature ?? part.redacted) !== undefined)
      .length,
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name, part.arguments]] : [])),
    urls: choices[0]?.annotations.map(({ url }) => url) ?? [],
    finish: choices[0]?.finish?.unified ?? 'stop',
  }
}

/** The same out of the body itself, as its documentation says. */
function toldBy(body: JsonObject): object {
  const items = (asArray(body['output']) ?? []).filter(isObject)
  const ofType = (type: string): JsonObject[] => items.filter((item) => item['type'] === type)
  const content = ofType('message').flatMap((item) => (asArray(item['content']) ?? []).filter(isObject))
  const calls = items.flatMap((item) => {
    if (item['type'] === 'function_call') return [[item['call_id'], item['name'], item['arguments']]]
    if (item['type'] !== 'custom_tool_call') return []
    return [[item['call_id'], item['name'], JSON.stringify({ input: item['input'] })]]
  })
  return {
    model: body['model'],
    text: content.map((part) => asString(part['text']) ?? '').join(''),
    thoughts: ofType('reasoning').flatMap((item) => {
      const summary = asArray(item['summary']) ?? []
      const parts = (summary.length > 0 ? summary : (asArray(item['content']) ?? [])).filter(isObject)
      return parts.length === 0 ? [] : [parts.map((part) => asString(part['text']) ?? '').join('\n\n')]
    }),
    encrypted: ofType('reasoning').filter((item) => typeof item['encrypted_content'] === 'string').length,
    calls,
    urls: content
      .flatMap((part) => (asArray(part['annotations']) ?? []).filter(isObject))
      .flatMap((annotation) => (annotation['type'] === 'url_citation' ? [annotation['url']] : [])),
    finish: body['status'] === 'incomplete' ? 'length' : calls.length > 0 ? 'tool-calls' : 'stop',
  }
}
