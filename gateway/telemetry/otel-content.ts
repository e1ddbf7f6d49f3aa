import type { ChatReply } from '../chat/collect.ts'
import type { FinishReason, UnifiedFinish } from '../chat/finish.ts'
import { parseJson, type Json } from '../chat/json.ts'
import type { AssistantPart, ChatRequest, Message, Source, UserPart } from '../chat/request.ts'
import type { Attributes } from './call-trace.ts'
import type { GenAiAttributes } from './gen-ai-names.ts'

/**
 * Prompts and answers in the shape of the conventions (gen-ai-input-messages.json, gen-ai-output-messages.json), as JSON
 * text: scrubbed, and cut. Only where the configuration asks for it.
 */
export function contentAttributes(
  { request, reply }: { request: ChatRequest | undefined; reply: ChatReply | undefined },
  names: GenAiAttributes,
  scrub: (text: string) => string,
): Attributes {
  const system = request?.messages.filter(({ role }) => role === 'system') ?? []
  const others = request?.messages.filter(({ role }) => role !== 'system') ?? []
  return {
    [names.systemInstructions]: textOf(systemParts(system, new Room(roomFor.system, scrub))),
    [names.inputMessages]: textOf(lastMessages(others, new Room(roomFor.input, scrub))),
    [names.outputMessages]: textOf(choices(reply, new Room(roomFor.output, scrub))),
  }
}

/** UTF-16 units of text; names and brackets come on top. */
const roomFor = { system: 8 * 1024, input: 32 * 1024, output: 16 * 1024 }

/** A secret that the cut would halve is still known as one when so much more is looked at. */
const beyondCut = 4096

const cutMark = '… [cut]'

/** What may still be said. */
class Room {
  left: number
  readonly #scrub: (text: string) => string

  constructor(left: number, scrub: (text: string) => string) {
    this.left = left
    this.#scrub = scrub
  }

  take(text: string): string {
    const clean = this.#scrub(text.slice(0, this.left + beyondCut))
    const kept = clean.length <= this.left ? clean : clean.slice(0, this.left) + cutMark
    this.left = Math.max(0, this.left - clean.length)
    return kept
  }
}

interface SaidMessage {
  role: string
  parts: Json[]
  finish_reason?: string
}

function systemParts(messages: Message[], room: Room): Json[] {
  return messages.flatMap(({ parts }) => parts.flatMap((part) => sayPart(part, room)))
}

/** Of a long conversation the end: it says more about the call than its beginning. */
function lastMessages(messages: Message[], room: Room): SaidMessage[] {
  const said: SaidMessage[] = []
  for (const message of messages.toReversed()) {
    if (room.left === 0) break
    said.unshift(sayMessage(message, room))
  }
  return said
}

function sayMessage(message: Message, room: Room): SaidMessage {
  if (message.role !== 'tool') {
    return { role: message.role, parts: message.parts.flatMap((part) => sayPart(part, room)) }
  }
  const response = message.parts.flatMap((part) => (part.type === 'text' ? [room.take(part.text)] : []))
  return { role: 'tool', parts: [{ type: 'tool_call_response', id: message.callId, response: response.join('\n') }] }
}

const finishWords: Record<UnifiedFinish, string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_call',
  'content-filter': 'content_filter',
  error: 'error',
  other: 'other',
}

function choices(reply: ChatReply | undefined, room: Room): SaidMessage[] {
  return (reply?.choices ?? []).map(({ parts, finish }) => ({
    role: 'assistant',
    parts: parts.flatMap((part) => sayPart(part, room)),
    finish_reason: finishWord(finish),
  }))
}

function finishWord(finish: FinishReason | undefined): string {
  return finish === undefined ? 'error' : finishWords[finish.unified]
}

/** Signatures and encrypted thoughts stay where they are; of pictures and sound only the kind is told. */
function sayPart(part: UserPart | AssistantPart, room: Room): Json[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ type: 'text', content: room.take(part.text) }]
    case 'reasoning':
      return part.text === '' ? [] : [{ type: 'reasoning', content: room.take(part.text) }]
    case 'tool-call': {
      const input = room.take(part.arguments)
      return [{ type: 'tool_call', id: part.id, name: part.name, arguments: parseJson(input) ?? input }]
    }
    case 'image':
      return [sayMedia('image', part.source, room)]
    case 'file':
      return [sayMedia('document', part.source, room)]
  }
  return [{ type: 'blob', modality: 'audio', mime_type: `audio/${part.format}`, content: '' }]
}

function sayMedia(modality: string, source: Source, room: Room): Json {
  if (source.type === 'base64') return { type: 'blob', modality, mime_type: source.mediaType, content: '' }
  if (source.type === 'id') return { type: 'file', modality, file_id: source.id }
  return { type: 'uri', modality, uri: room.take(source.url) }
}

function textOf(list: Json[] | SaidMessage[]): string | undefined {
  return list.length === 0 ? undefined : JSON.stringify(list)
}
