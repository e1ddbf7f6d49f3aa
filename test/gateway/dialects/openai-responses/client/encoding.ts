import OpenAI from 'openai'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ReplyAbout } from '../../../../../gateway/dialects/dialect.ts'
import { ResponsesStreamEncoder } from '../../../../../gateway/dialects/openai-responses/client/encode-stream.ts'
import { readResponses } from '../../../../../gateway/dialects/openai-responses/client/read.ts'
import { SseReader } from '../../../../../gateway/dialects/sse.ts'

const about: ReplyAbout = {
  id: 'resp_c1',
  model: 'asked',
  created: 1_700_000_000,
  provider: 'p',
  includeUsage: true,
}

/** About an answer to a request with these members. */
export function aboutOf(members: JsonObject = {}): ReplyAbout {
  const body = { model: 'asked', input: 'Hello', ...members }
  return { ...about, body, request: readResponses(body).value }
}

export function encodeText(events: readonly ChatEvent[], to: ReplyAbout = about): string {
  const encoder = new ResponsesStreamEncoder(to)
  return events.map(encoder.encode).join('') + encoder.end()
}

/** The stream's events as clients get them; that the names and numbers are right is seen to here. */
export function encodeEvents(events: readonly ChatEvent[], to?: ReplyAbout): JsonObject[] {
  const read: JsonObject[] = []
  const reader = new SseReader((name, data) => {
    const { type, sequence_number, ...members } = JSON.parse(data) as JsonObject
    if (type !== name || sequence_number !== read.length)
      throw new Error(`event ${read.length} is not in order: ${data}`)
    read.push({ type, ...members })
  })
  reader.push(Buffer.from(encodeText(events, to)))
  reader.end()
  return read
}

/** OpenAI's own client, that gets `reply` to whatever it asks. */
export function openaiClient(reply: { body: string; type: string; status?: number }): OpenAI {
  return new OpenAI({
    apiKey: 'k',
    baseURL: 'http://127.0.0.1:9/v1',
    maxRetries: 0,
    fetch: async () =>
      new Response(reply.body, { status: reply.status ?? 200, headers: { 'content-type': reply.type } }),
  })
}
