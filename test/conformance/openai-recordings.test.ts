import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collect, type ChatReply } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import { asObject, isObject, parseJson, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import type { Dialect, ReplyAbout } from '../../gateway/dialects/dialect.ts'
import { openaiChat } from '../../gateway/dialects/openai-chat/index.ts'
import { openaiCompletions } from '../../gateway/dialects/openai-completions/index.ts'
import { readEmbeddingsUsage } from '../../gateway/dialects/openai-embeddings/usage.ts'
import { SseReader } from '../../gateway/dialects/sse.ts'
import { checkEvents } from './event-invariants.ts'
import {
  assertChatStream,
  chatCompletionShape,
  embeddingsShape,
  errorShape,
  textCompletionShape,
} from './openai-shapes.ts'
import {
  cutRandomly,
  listRecordings,
  readChunks,
  readVcr,
  recordingsRoot,
  seededRandom,
  type Exchange,
} from './recordings.ts'

interface Recording {
  name: string
  dialect: Dialect
  text: string
}

const folders = [
  'vercel-ai/openai/chat',
  'vercel-ai/openai/completion',
  'vercel-ai/openai-compatible',
  'vercel-ai/xai',
  'vercel-ai/mistral',
  'vercel-ai/groq',
  'vercel-ai/deepseek',
  'vercel-ai/moonshotai',
  'vercel-ai/alibaba',
  'vercel-ai/perplexity',
  'vercel-ai/azure',
]

const root = recordingsRoot() ?? ''
const exchanges = ['envoy-ai-gateway', 'pydantic-ai'].flatMap((folder) =>
  listRecordings(folder, '.yaml').flatMap((file) =>
    readVcr(file).map((exchange, at) => ({ ...exchange, name: nameOf(file, at) })),
  ),
)
const chatExchanges = exchanges.filter(({ request }) => /\/completions(#stream)?$/.test(request.uri))
const succeeded = chatExchanges.filter(({ response }) => response.status < 300)
const streams = [...chunkFiles(), ...succeeded.filter(isStream).map(toRecording)]
const wholes = [...jsonFiles(), ...succeeded.filter((exchange) => !isStream(exchange)).map(toRecording)]
const errors = chatExchanges.filter(({ response }) => response.status >= 400)

describe.skipIf(root === '')('recordings of OpenAI-like providers (../shared/recordings)', () => {
  test('are there', () => {
    expect(streams.length).toBeGreaterThan(30)
    expect(wholes.length).toBeGreaterThan(80)
    expect(errors.length).toBeGreaterThan(8)
  })

  test.each(named(streams))('stream %s decodes by the rules', (_, { dialect, text }) => {
    const events = decode(dialect, [Buffer.from(text)])
    expect(checkEvents(events)).toEqual([])
    expect(collect(events).choices.length).toBeGreaterThan(0)
    expect(hasContent(collect(events))).toBe(true)
  })

  test.each(named(streams))('stream %s survives any cuts, CRLF too', (_, { dialect, text, name }) => {
    const expected = decode(dialect, [Buffer.from(text)])
    for (const [seed, framed] of [text, text.replaceAll('\n', '\r\n'), text].entries()) {
      const pieces = cutRandomly(Buffer.from(framed), seededRandom(seed + name.length))
      expect(decode(dialect, pieces)).toEqual(expected)
    }
  })

  test.each(named(streams))('stream %s encodes as OpenAI would and collects to the same', (_, { dialect, text }) => {
    const events = decode(dialect, [Buffer.from(text)])
    const encoded = encode(events)
    const { error } = assertChatStream(encoded)
    const reply = collect(events)
    expect(summary(collect(decode(openaiChat, [Buffer.from(encoded)])))).toEqual(summary(reply))
    expect(error?.message).toBe(reply.error?.message)
  })

  test.each(named(wholes))('whole %s decodes by the rules, and encodes to the same', (_, { dialect, text }) => {
    const events = decodeWhole(dialect, JSON.parse(text) as Json)
    expect(checkEvents(events)).toEqual([])
    const reply = collect(events)
    const body = chatOf(openaiChat).encodeWhole(reply, about)
    expect(chatCompletionShape.safeParse(body).error).toBeUndefined()
    expect(summary(collect(decodeWhole(openaiChat, body)))).toEqual(summary(reply))
  })

  test.each(named(wholes))('whole %s streams to the same answer', (_, { dialect, text }) => {
    const events = decodeWhole(dialect, JSON.parse(text) as Json)
    const encoded = encode(events)
    assertChatStream(encoded)
    expect(summary(collect(decode(openaiChat, [Buffer.from(encoded)])))).toEqual(summary(collect(events)))
  })

  test.each(named(errors))('error of %s keeps its words', (_, { response }) => {
    const failure = provider(openaiChat).readError(response)
    const told = asObject(asObject(parseJson(response.body))?.['error']) ?? {}
    expect(failure.message).toContain(told['message'])
    if (typeof told['code'] === 'string') expect(failure.code).toBe(told['code'])
    expect(failure.retryable).toBe(response.status === 429)
    expect(failure.fallback).toBe(response.status === 429)
    expect(errorShape.safeParse(client(openaiChat).encodeError(failure)).error).toBeUndefined()
  })

  test.each(named(succeeded.filter(({ request }) => parseJson(request.body) !== undefined)))(
    'request of %s is read, or refused by name',
    (_, { request }) => {
      const body = JSON.parse(request.body) as JsonObject
      const dialect = request.uri.includes('/chat/') ? openaiChat : openaiCompletions
      try {
        expect(chatOf(dialect).read(body, { model: '', stream: false }).value.model).toBe(body['model'] ?? '')
      } catch (error) {
        expect(error).toMatchObject({ status: 400, param: expect.any(String) as string })
        if (!refusable(body)) throw error
      }
    },
  )

  test.each(
    named(succeeded.filter(({ request }) => request.uri.includes('openai.com') && request.uri.includes('/chat/'))),
  )('the shapes accept OpenAI’s own answer of %s', (_, { response }) => {
    if (!response.body.startsWith('data:')) return expect(withChoiceDefaults(response.body)).toBeUndefined()
    expect(response.body.trimEnd().endsWith('data: [DONE]')).toBe(true)
  })

  test.each(
    named(exchanges.filter(({ request, response }) => request.uri.endsWith('/embeddings') && response.status === 200)),
  )('usage of embeddings %s', (_, { response }) => {
    const body = JSON.parse(response.body) as JsonObject
    expect(embeddingsShape.safeParse(body).error).toBeUndefined()
    expect(readEmbeddingsUsage(body)).toMatchObject({ input: asObject(body['usage'])?.['prompt_tokens'], output: 0 })
  })
})

test.skipIf(root === '')('text completion recordings encode as text completions', () => {
  const completions = wholes.filter(({ dialect }) => dialect === openaiCompletions)
  expect(completions.length).toBeGreaterThan(3)
  for (const { dialect, text } of completions) {
    const reply = collect(decodeWhole(dialect, JSON.parse(text) as Json))
    const body = chatOf(openaiCompletions).encodeWhole(reply, about)
    expect(textCompletionShape.safeParse(body).error).toBeUndefined()
  }
})

const about: ReplyAbout = { id: 'chatcmpl-1', model: 'm', created: 1, provider: 'p', includeUsage: true }

/** For test.each: the whole name, which vitest would cut short in an object. */
function named<T extends { name: string }>(list: T[]): [string, T][] {
  return list.map((item) => [item.name, item])
}

function nameOf(file: string, at: number): string {
  return `${relative(root, file)} ${at}`
}

function chunkFiles(): Recording[] {
  const files = folders.flatMap((folder) => [
    ...listRecordings(folder, '.chunks.txt'),
    ...listRecordings(folder, '.sse'),
  ])
  return files.flatMap((file) => {
    if (file.endsWith('.sse')) return [toStream(file, readFileSync(file, 'utf8'))]
    const lines = readChunks(file)
    if (!hasChoices(lines[0] ?? '')) return []
    return [toStream(file, [...lines, '[DONE]'].map((line) => `data: ${line}\n\n`).join(''))]
  })
}

function toStream(file: string, text: string): Recording {
  return { name: relative(root, file), dialect: dialectOf(file), text }
}

function jsonFiles(): Recording[] {
  const files = folders.flatMap((folder) => listRecordings(folder, '.json'))
  return files.map((file) => toStream(file, readFileSync(file, 'utf8'))).filter(({ text }) => hasChoices(text))
}

function hasChoices(text: string): boolean {
  const body = parseJson(text)
  return isObject(body) && Array.isArray(body['choices'])
}

function isStream({ response }: Exchange): boolean {
  return /^(data:|:)/.test(response.body)
}

function toRecording({ name, request, response }: Exchange & { name: string }): Recording {
  const dialect = request.uri.includes('/chat/') ? openaiChat : openaiCompletions
  return { name, dialect, text: response.body }
}

function dialectOf(file: string): Dialect {
  return file.includes('/completion/') ? openaiCompletions : openaiChat
}

function client(dialect: Dialect): NonNullable<Dialect['client']> {
  if (dialect.client === undefined) throw new Error('no client side')
  return dialect.client
}

function chatOf(dialect: Dialect): NonNullable<NonNullable<Dialect['client']>['chat']> {
  const { chat } = client(dialect)
  if (chat === undefined) throw new Error('no chat')
  return chat
}

function provider(dialect: Dialect): NonNullable<Dialect['provider']> {
  if (dialect.provider === undefined) throw new Error('no provider side')
  return dialect.provider
}

function decode(dialect: Dialect, pieces: Uint8Array[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = provider(dialect).chat?.decodeStream((event) => events.push(event))
  const reader = new SseReader((name, data) => decoder?.event(name, data))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  decoder?.end()
  return events
}

function decodeWhole(dialect: Dialect, body: Json): ChatEvent[] {
  const events: ChatEvent[] = []
  provider(dialect).chat?.decodeWhole(body, (event) => events.push(event))
  return events
}

function encode(events: ChatEvent[]): string {
  const encoder = chatOf(openaiChat).encodeStream(about)
  return events.map((event) => encoder.encode(event)).join('') + encoder.end()
}

function hasContent({ choices, error }: ChatReply): boolean {
  return error !== undefined || choices.every(({ parts, finish }) => parts.length > 0 || finish?.unified === 'length')
}

/** What must survive a round: everything but how the text was cut into blocks, and what OpenAI has no word for. */
function summary({ choices, usage, model, id, error }: ChatReply): object {
  return {
    model: model ?? about.model,
    id: id ?? about.id,
    error: error?.message,
    choices: choices.map(({ parts, annotations, finish }) => ({
      text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
      reasoning: parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
      signatures: parts
        .map((part) => (part.type === 'reasoning' ? (part.signature ?? part.redacted) : undefined))
        .filter((text) => text !== undefined),
      refusal: parts.map((part) => (part.type === 'refusal' ? part.text : '')).join(''),
      calls: parts.flatMap((part) =>
        part.type === 'tool-call'
          ? [{ id: part.id, name: part.name, arguments: part.arguments === '' ? '{}' : part.arguments }]
          : [],
      ),
      annotations: annotations.map(({ url }) => url),
      finish: finish?.unified,
    })),
    usage: error === undefined && usage !== undefined ? pick(usage) : undefined,
  }
}

function pick({ input, output, cacheRead, reasoning }: NonNullable<ChatReply['usage']>): object {
  return { input, output, cacheRead: cacheRead ?? 0, reasoning: reasoning ?? 0 }
}

/** Requests of the recordings that no other dialect can carry. */
function refusable(body: JsonObject): boolean {
  const text = JSON.stringify(body)
  return (
    'suffix' in body ||
    Array.isArray(body['prompt']) ||
    /"type":"(custom|openrouter:|code_interpreter|web_search)/.test(text) ||
    !('model' in body)
  )
}

/** Audio answers and older servers aside, OpenAI's own bodies fit the shape. */
function withChoiceDefaults(text: string): unknown {
  return chatCompletionShape.safeParse(JSON.parse(text)).error
}
