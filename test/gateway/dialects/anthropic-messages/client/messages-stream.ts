import { expect } from 'vitest'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import { asObject, type JsonObject } from '../../../../../gateway/chat/json.ts'
import { MessagesStreamEncoder } from '../../../../../gateway/dialects/anthropic-messages/client/encode-stream.ts'
import type { ReplyAbout } from '../../../../../gateway/dialects/dialect.ts'
import { SseReader } from '../../../../../gateway/dialects/sse.ts'

export const about: ReplyAbout = { id: 'msg_fallback', model: 'asked', created: 7, provider: 'p', includeUsage: false }
export const origin = { provider: 'p', model: 'asked' }

export function streamed(events: Iterable<ChatEvent>, members: Partial<ReplyAbout> = {}): string {
  const encoder = new MessagesStreamEncoder({ ...about, ...members })
  return [...events].map(encoder.encode).join('') + encoder.end()
}

/** The events of a whole stream, whose order and numbers are checked. */
export function wireEvents(text: string): JsonObject[] {
  const events: JsonObject[] = []
  const reader = new SseReader((name, data) => {
    const event = JSON.parse(data) as JsonObject
    expect(event['type']).toBe(name)
    events.push(event)
  })
  reader.push(Buffer.from(text))
  reader.end()
  checkOrder(events)
  return events
}

/** One block at a time, numbered from 0 without gaps, between message_start and message_delta, message_stop. */
function checkOrder(events: JsonObject[]): void {
  let open: number | undefined
  let next = 0
  expect(events.at(0)?.['type']).toBe('message_start')
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['message_delta', 'message_stop'])
  for (const { type, index } of events.slice(1, -2)) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, next])
      open = next++
      continue
    }
    expect(['content_block_delta', 'content_block_stop']).toContain(type)
    expect(index).toBe(open)
    if (type === 'content_block_stop') open = undefined
  }
  expect(open).toBeUndefined()
}

/** `[start block, ...deltas]` of every block. */
export function blocks(events: JsonObject[]): JsonObject[][] {
  const found: JsonObject[][] = []
  for (const event of events) {
    const start = asObject(event['content_block'])
    const delta = event['type'] === 'content_block_delta' ? asObject(event['delta']) : undefined
    if (start !== undefined) found.push([start])
    if (delta !== undefined) found.at(-1)?.push(delta)
  }
  return found
}
