import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { asArray, asObject, asString, isObject, type Json, type JsonObject } from '../../../../../gateway/chat/json.ts'
import { readRequest } from '../../../../../gateway/dialects/anthropic-messages/client/read.ts'
import { anthropicCountTokens } from '../../../../../gateway/dialects/anthropic-count-tokens/index.ts'
import { decodeStream } from '../../../../../gateway/dialects/anthropic-messages/provider/decode.ts'
import { replay, Collector } from '../../../../../gateway/chat/collect.ts'
import { sseEvent, SseReader } from '../../../../../gateway/dialects/sse.ts'
import { writeChat } from '../../../../../gateway/dialects/openai-chat/provider/write.ts'
import { listRecordings, readChunks, readVcr, recordingsRoot } from '../../../../conformance/recordings.ts'
import { streamed, wireEvents } from './messages-stream.ts'

const captures = resolve(process.cwd(), '../shared/reference/captures')
const target = { provider: 'p', model: 'm', facts: {} }

interface Captured {
  name: string
  body: JsonObject
}

/** Every Messages and count_tokens request that a real client sent. */
function captured(): Captured[] {
  if (!existsSync(captures)) return []
  return readdirSync(captures).flatMap((file) => {
    const requests = asArray(JSON.parse(readFileSync(join(captures, file), 'utf8'))) ?? []
    return requests.filter(isObject).flatMap((request, index) => {
      const url = asString(request['url']) ?? ''
      const body = asObject(restored(request['body'] ?? null))
      return body !== undefined && url.includes('/v1/messages') ? [{ name: `${file} #${index} ${url}`, body }] : []
    })
  })
}

/** The captures tell schemas as "{schema}" and shorten lists with "…+4". */
function restored(value: Json): Json {
  if (value === '{schema}') return { type: 'object' }
  if (Array.isArray(value))
    return value.filter((item) => typeof item !== 'string' || !item.startsWith('…')).map(restored)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, restored(member ?? null)]))
}

describe.skipIf(!existsSync(captures))(
  'requests of real clients (skipped without ../shared/reference/captures)',
  () => {
    const all = captured()

    test('there are some of every kind', () => {
      expect(new Set(all.map(({ name }) => name.split('.')[0]))).toEqual(
        new Set(['claude', 'cn-anthropic', 'oc-anthropic', 'qw-anthropic', 'sdk-ai', 'sdk-anthropic', 'sdk-langchain']),
      )
    })

    test.each(all)('$name', ({ name, body }) => {
      if (name.includes('count_tokens')) {
        const counted = anthropicCountTokens.client?.answerLocally?.(body)
        return expect(counted?.['input_tokens']).toBeGreaterThan(0)
      }
      const { value, warnings } = readRequest(body)
      expect(warnings).toEqual([])
      // All that Claude Code asks of Anthropic alone.
      expect(value.uncarried ?? []).toEqual('context_management' in body ? ['context_management'] : [])
      expect(value.tools?.length).toBe(asArray(body['tools'])?.length)
      expect(() => writeChat(value, target)).not.toThrow()
    })
  },
)

describe.skipIf(recordingsRoot() === undefined)('recordings (skipped without ../shared/recordings)', () => {
  const sent = listRecordings('pydantic-ai', '.yaml')
    .flatMap((file) => readVcr(file))
    .filter(({ request }) => request.uri.includes('api.anthropic.com') && request.uri.includes('/messages'))
    .filter(({ response }) => response.status === 200)
    .map(({ request }, index) => ({ name: `#${index}`, body: JSON.parse(request.body) as JsonObject }))

  test('what an agent sent and Anthropic took is read', () => {
    expect(sent.length).toBeGreaterThan(15)
  })

  test.each(sent)('request $name', ({ body }) => {
    const { value } = readRequest(body)
    expect(value.messages.length).toBeGreaterThan(0)
    expect(value.maxOutputTokens).toBe(body['max_tokens'])
  })

  const streams = listRecordings('vercel-ai/anthropic', '.chunks.txt')
    // Its point is an error (vercel/ai issue 18331).
    .filter((file) => !file.endsWith('spliced-message-start.chunks.txt'))
    .map((file) => ({ name: file.slice(file.lastIndexOf('/') + 1), chunks: readChunks(file) }))

  test.each(streams)('answer $name, told again', ({ chunks }) => {
    const first = decoded(chunks.map((chunk) => sseEvent(chunk)).join(''))
    const second = decoded(streamed(replay(first, 5)))
    wireEvents(streamed(replay(first, 5)))
    expect(outline(second)).toEqual(outline(first))
  })
})

function decoded(sse: string): Collector['reply'] {
  const collector = new Collector()
  const decoder = decodeStream(collector.add)
  const reader = new SseReader((name, data) => decoder.event(name, data))
  reader.push(Buffer.from(sse))
  reader.end()
  decoder.end()
  return collector.reply
}

/** Without signatures, which are sealed, and with all that is told as text. */
function outline({ choices, usage, model, id }: Collector['reply']): unknown {
  const [choice] = choices
  const parts = (choice?.parts ?? []).filter((part) => part.type === 'tool-call' || part.text !== '')
  const told = parts.map((part) =>
    part.type === 'tool-call' ? part : { type: part.type === 'refusal' ? 'text' : part.type, text: part.text },
  )
  const { raw: _raw, serviceTier: _tier, ...counts } = usage ?? {}
  const none = { cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, webSearches: 0 }
  return {
    id,
    model,
    told,
    finish: choice?.finish,
    counts: { ...none, ...counts },
    sources: choice?.annotations.map(({ url }) => url),
  }
}
