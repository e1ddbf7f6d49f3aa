import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import { asString, type Json, type JsonObject } from '../../../../../gateway/chat/json.ts'
import { decodeStream, decodeWhole } from '../../../../../gateway/dialects/anthropic-messages/provider/decode.ts'

/** The canonical events of wire events, the stream closed after the last. */
export function decode(events: JsonObject[]): ChatEvent[] {
  const seen: ChatEvent[] = []
  const decoder = decodeStream((event) => seen.push(event))
  for (const event of events) decoder.event(asString(event['type']), JSON.stringify(event))
  decoder.end()
  return seen
}

export function whole(body: Json): ChatEvent[] {
  const seen: ChatEvent[] = []
  decodeWhole(body, (event) => seen.push(event))
  return seen
}

export const message: JsonObject = { id: 'msg_1', model: 'claude-x', content: [], stop_reason: null }
export const start = { type: 'message_start', message: { ...message, usage: { input_tokens: 9, output_tokens: 1 } } }
export const ping = { type: 'ping' }
export const stop = { type: 'message_stop' }
export function end(stop_reason: string | null, more: JsonObject = {}): JsonObject {
  return { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...more }, usage: { output_tokens: 5 } }
}
export function open(index: number, content_block: JsonObject): JsonObject {
  return { type: 'content_block_start', index, content_block }
}
export function delta(index: number, delta: JsonObject): JsonObject {
  return { type: 'content_block_delta', index, delta }
}
export function close(index: number): JsonObject {
  return { type: 'content_block_stop', index }
}
export function say(index: number, text: string): JsonObject {
  return delta(index, { type: 'text_delta', text })
}
export function textBlock(index: number, ...texts: string[]): JsonObject[] {
  return [open(index, { type: 'text', text: '' }), ...texts.map((text) => say(index, text)), close(index)]
}
export function toolBlock(index: number, ...fragments: string[]): JsonObject[] {
  const deltas = fragments.map((partial_json) => delta(index, { type: 'input_json_delta', partial_json }))
  return [open(index, { type: 'tool_use', id: `toolu_${index}`, name: 'weather', input: {} }), ...deltas, close(index)]
}
export function toolCall(index: number, text: string): JsonObject {
  return { type: 'tool-call', id: `toolu_${index}`, name: 'weather', arguments: text }
}

export const citation = {
  type: 'web_search_result_location',
  url: 'https://example.com/',
  title: 'Example',
  cited_text: 'x',
}
