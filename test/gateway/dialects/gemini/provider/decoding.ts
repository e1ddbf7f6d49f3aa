import { collect } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { Json } from '../../../../../gateway/chat/json.ts'
import { decodeStream, decodeWhole } from '../../../../../gateway/dialects/gemini/provider/decode.ts'

/** The events of a stream; a string is a chunk's data as it stands. */
export function stream(chunks: (Json | string)[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = decodeStream((event) => events.push(event))
  for (const chunk of chunks) decoder.event(undefined, typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
  decoder.end()
  return events
}

export function whole(body: Json): ChatEvent[] {
  const events: ChatEvent[] = []
  decodeWhole(body, (event) => events.push(event))
  return events
}

/** A chunk, or a whole body, with one candidate. */
export function candidate(parts: Json[], more: Record<string, Json> = {}): Json {
  return { candidates: [{ content: { role: 'model', parts }, ...more }] }
}

export const stop = { finishReason: 'STOP' }

export const partsOf = (events: ChatEvent[], choice = 0) => collect(events).choices[choice]?.parts

export const finishesOf = (events: ChatEvent[]) => events.filter((event) => event.type === 'finish')
