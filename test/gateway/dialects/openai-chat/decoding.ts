import { expect } from 'vitest'
import { collect, type ChatReply } from '../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../gateway/chat/event.ts'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../gateway/dialects/openai-chat/provider/decode-stream.ts'
import { decodeWhole } from '../../../../gateway/dialects/openai-chat/provider/decode-whole.ts'
import { checkEvents } from '../../../conformance/event-invariants.ts'

export const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 5, model: 'm' }

export function delta(members: JsonObject, finish: string | null = null): JsonObject {
  return { ...head, choices: [{ index: 0, delta: members, finish_reason: finish }] }
}

/** Every string is one event's data; checks the rules on the way. */
export function run(...chunks: (JsonObject | string)[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = decodeStream((event) => events.push(event))
  for (const chunk of chunks) decoder.event(undefined, typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
  decoder.end()
  expect(checkEvents(events)).toEqual([])
  return events
}

export function reply(...chunks: (JsonObject | string)[]): ChatReply {
  return collect(run(...chunks))
}

export function whole(body: Json): ChatReply {
  const events: ChatEvent[] = []
  decodeWhole(body, (event) => events.push(event))
  expect(checkEvents(events)).toEqual([])
  return collect(events)
}
