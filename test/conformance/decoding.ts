import { collect, type ChatReply } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import type { Json } from '../../gateway/chat/json.ts'
import type { ClientChat, ClientSide, DialectId, ProviderChat, ProviderSide } from '../../gateway/dialects/dialect.ts'
import { findDialect } from '../../gateway/dialects/index.ts'
import { SseReader } from '../../gateway/dialects/sse.ts'

export function clientOf(id: DialectId): ClientSide & { chat: ClientChat } {
  const client = findDialect(id)?.client
  if (client?.chat === undefined) throw new Error(`${id} has no client side`)
  return { ...client, chat: client.chat }
}

export function providerOf(id: DialectId): ProviderSide & { chat: ProviderChat } {
  const provider = findDialect(id)?.provider
  if (provider?.chat === undefined) throw new Error(`${id} has no provider side`)
  return { ...provider, chat: provider.chat }
}

/** The bytes of a stream, in these pieces, as canonical events. */
export function decodePieces(id: DialectId, pieces: Iterable<Uint8Array>): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = providerOf(id).chat.decodeStream((event) => events.push(event))
  const reader = new SseReader((name, data) => decoder.event(name, data))
  for (const piece of pieces) reader.push(piece)
  reader.end()
  decoder.end()
  return events
}

export function decodeText(id: DialectId, text: string): ChatEvent[] {
  return decodePieces(id, [Buffer.from(text)])
}

export function decodeBody(id: DialectId, body: Json): ChatEvent[] {
  const events: ChatEvent[] = []
  providerOf(id).chat.decodeWhole(body, (event) => events.push(event))
  return events
}

export function replyOf(events: ChatEvent[]): ChatReply {
  return collect(events)
}
