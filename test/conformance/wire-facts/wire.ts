import { collect } from '../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../gateway/chat/event.ts'
import { asString, type Json, type JsonObject } from '../../../gateway/chat/json.ts'
import { findDialect } from '../../../gateway/dialects/index.ts'
import type { DialectId, ProviderChat, UpstreamError } from '../../../gateway/dialects/dialect.ts'
import { ChatStreamEncoder } from '../../../gateway/dialects/openai-chat/client/encode-stream.ts'
import { encodeWhole } from '../../../gateway/dialects/openai-chat/client/encode-whole.ts'
import { readChat } from '../../../gateway/dialects/openai-chat/client/read.ts'
import { modelFacts } from '../../../gateway/models/catalog.ts'

/**
 * Details of the wire that are easily got wrong, each test named for its fact and for whose it is: through the dialects where they alone decide, through the whole gateway where the pipeline has a part.
 */

export const openai = 'openai-chat'
export const anthropic = 'anthropic-messages'
export const gemini = 'gemini'

// --- The three directions, without a gateway around them.

export function chatOf(dialect: DialectId): ProviderChat {
  const chat = findDialect(dialect)?.provider?.chat
  if (chat === undefined) throw new Error(`${dialect} has no provider side`)
  return chat
}

export const hello: JsonObject = { role: 'user', content: 'Hi' }

/** An OpenAI client's request, as the target's provider gets it. */
export function carry(
  dialect: DialectId,
  members: JsonObject,
  model = 'some-model',
): { body: JsonObject; warned: string[] } {
  const read = readChat({ model, messages: [hello], ...members })
  const target = { provider: 'p', model, facts: modelFacts(model) }
  const written = chatOf(dialect).write(read.value, target)
  return { body: written.value, warned: [...read.warnings, ...written.warnings].map(({ feature }) => feature) }
}

export const about = { id: 'chatcmpl-ours', model: 'asked', created: 7, provider: 'p', includeUsage: true }

/** A provider's whole answer, as an OpenAI client gets it; an error inside it is its only member. */
export function whole(dialect: DialectId, body: Json): JsonObject {
  const events: ChatEvent[] = []
  chatOf(dialect).decodeWhole(body, (event) => events.push(event))
  const failed = events.find((event) => event.type === 'error')
  return failed === undefined ? encodeWhole(collect(events), about) : { error: { ...failed.error } }
}

/** A provider's stream, as the chunks that an OpenAI client gets, and the sentinel as text. */
export function streamed(dialect: DialectId, events: (JsonObject | string)[]): (JsonObject | string)[] {
  const encoder = new ChatStreamEncoder(about)
  let sse = ''
  const decoder = chatOf(dialect).decodeStream((event) => {
    sse += encoder.encode(event)
  })
  for (const event of events) {
    if (typeof event === 'string') decoder.event(undefined, event)
    else decoder.event(asString(event['type']), JSON.stringify(event))
  }
  decoder.end()
  return chunksOf(sse + encoder.end())
}

export function chunksOf(sse: string): (JsonObject | string)[] {
  const lines = sse.split('\n\n').filter((event) => event !== '')
  return lines.map((event) => {
    const data = event.replace(/^data: /, '')
    return data === '[DONE]' ? data : (JSON.parse(data) as JsonObject)
  })
}

export interface Chunk {
  choices: { delta: JsonObject; finish_reason: string | null }[]
  usage?: JsonObject | null
  error?: JsonObject
}

/** What a client makes of the chunks. */
export function summary(chunks: (JsonObject | string)[]): { text: string; finish: string | undefined; usage: unknown } {
  const bodies = chunks.filter((chunk): chunk is JsonObject => typeof chunk !== 'string') as unknown as Chunk[]
  const choices = bodies.flatMap((chunk) => chunk.choices ?? [])
  return {
    text: choices.map(({ delta }) => asString(delta['content']) ?? '').join(''),
    finish: choices.map((choice) => choice.finish_reason).findLast((finish) => finish !== null) ?? undefined,
    usage: bodies.map((chunk) => chunk.usage).findLast((usage) => usage !== null && usage !== undefined),
  }
}

export function calls(chunks: (JsonObject | string)[]): { id: unknown; name: unknown; arguments: string }[] {
  const found: { id: unknown; name: unknown; arguments: string }[] = []
  for (const chunk of chunks as unknown as Chunk[])
    for (const { delta } of chunk.choices ?? [])
      for (const call of (delta['tool_calls'] ?? []) as { index: number; id?: string; function: JsonObject }[]) {
        const known = (found[call.index] ??= { id: call.id, name: call.function['name'], arguments: '' })
        known.arguments += asString(call.function['arguments']) ?? ''
      }
  return found
}

export function failure(
  dialect: DialectId,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): UpstreamError {
  const error = findDialect(dialect)?.provider?.readError({ status: code, headers, body: JSON.stringify(body) })
  if (error === undefined) throw new Error(`${dialect} has no provider side`)
  return error
}

// --- Wire shapes.

export function chunk(delta: JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more }
}

export function completion(message: JsonObject, finish: string, more: JsonObject = {}): JsonObject {
  const choices = [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: finish }]
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices, ...more }
}

export function message(stopReason: string, more: JsonObject = {}): JsonObject {
  const content = [{ type: 'text', text: 'Hi' }]
  return { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, stop_reason: stopReason, ...more }
}

export const messageStart: JsonObject = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 43, output_tokens: 1 } },
}

export function messageEnd(stopReason: string, usage: JsonObject, more: JsonObject = {}): JsonObject[] {
  return [{ type: 'message_delta', delta: { stop_reason: stopReason, ...more }, usage }, { type: 'message_stop' }]
}

export function block(index: number, content: JsonObject, ...deltas: JsonObject[]): JsonObject[] {
  return [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

export function candidate(parts: Json[], finish?: string, more: JsonObject = {}): JsonObject {
  const ending = finish === undefined ? {} : { finishReason: finish }
  return { responseId: 'r1', candidates: [{ content: { role: 'model', parts }, ...ending }], ...more }
}

export const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }
export const called = (id: string, json = '{}'): JsonObject => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'weather', arguments: json } }],
})
export const result = (id: string, content = 'sunny'): JsonObject => ({ role: 'tool', tool_call_id: id, content })

export const google = (statusWord: string, code: number, details: JsonObject[] = []): JsonObject => ({
  error: { code, message: 'm', status: statusWord, details },
})
