import type { ChatEvent } from '../../../chat/event.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { mergeUsage, type Usage } from '../../../chat/usage.ts'
import type { ReplyAbout, StreamEncoder } from '../../dialect.ts'
import { BlockQueue, type BlockKind } from './block-queue.ts'
import {
  encodeCallSignature,
  encodeCitation,
  encodeRedacted,
  originOf,
  sealSignature,
  messageId,
} from './encode-parts.ts'
import { encodeUsage } from './encode-usage.ts'
import { encodeStreamError } from './errors.ts'
import { encodeFinish } from './finish.ts'
import { sseEvent } from '../../sse.ts'

type Event<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>

/** Canonical events -> the events of a Messages stream. Single use. */
export class MessagesStreamEncoder implements StreamEncoder {
  readonly #about: ReplyAbout
  readonly #origin: Origin
  readonly #isVisible: boolean
  readonly #blocks = new BlockQueue()
  /** Text of open reasoning blocks that the client does not want to see. */
  readonly #hidden = new Map<number, string>()
  /** Ids of open calls. */
  readonly #calls = new Map<number, string>()
  #start: Event<'start'> = { type: 'start' }
  #hasBegun = false
  #hasFailed = false
  #usage: Usage | undefined
  #finish: Event<'finish'> | undefined
  #isRefused = false

  constructor(about: ReplyAbout) {
    this.#about = about
    this.#origin = originOf(about)
    this.#isVisible = about.includeReasoning !== false
  }

  readonly encode = (event: ChatEvent): string => {
    switch (event.type) {
      case 'start':
        this.#start = event
        return ''
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage)
        return ''
      case 'activity':
        return ''
      case 'error':
        this.#hasFailed = true
        return encodeStreamError(event.error)
      default:
        // Messages has one choice.
        if (event.choice !== 0) return ''
        this.#take(event)
        return this.#begun(this.#blocks.take())
    }
  }

  end(): string {
    if (this.#hasFailed) return ''
    this.#blocks.endAll()
    const content = this.#blocks.take()
    const end = sseEvent(
      JSON.stringify({
        type: 'message_delta',
        delta: this.#encodeFinish(),
        usage: encodeUsage(this.#usage, this.#start.serviceTier),
      }),
      'message_delta',
    )
    return this.#begin() + content + end + 'event: message_stop\ndata: {"type":"message_stop"}\n\n'
  }

  #take(event: Exclude<ChatEvent, { type: 'start' | 'usage' | 'activity' | 'error' }>): void {
    switch (event.type) {
      case 'text-start':
        return this.#add(event.block, 'text', { type: 'text', text: '' })
      case 'text-delta':
        return this.#text(event.block, event.text)
      case 'reasoning-start':
        return this.#add(event.block, 'thinking', { type: 'thinking', thinking: '', signature: '' })
      case 'reasoning-delta':
        return this.#think(event)
      case 'reasoning-end':
        return this.#endThinking(event)
      case 'tool-start':
        return this.#call(event)
      case 'tool-delta':
        return this.#argue(event.block, event.arguments)
      case 'tool-end':
        return this.#endCall(event)
      case 'text-end':
        return this.#blocks.end(event.block)
      case 'refusal-delta':
        return this.#refuse(event.text)
      case 'annotation':
        return this.#blocks.cite({ type: 'citations_delta', citation: encodeCitation(this.#origin, event.annotation) })
      case 'finish':
        this.#finish = event
        this.#blocks.endAll()
    }
  }

  /** Nobody tells the end of a refusal. */
  #add(block: number, kind: BlockKind, content: JsonObject): void {
    this.#blocks.end(refusalBlock)
    this.#blocks.add(block, kind, content)
  }

  #text(block: number, text: string): void {
    if (text !== '') this.#blocks.extend(block, `{"type":"text_delta","text":${JSON.stringify(text)}}`)
  }

  /** A refusal has no block of its own: it is text. */
  #refuse(text: string): void {
    this.#isRefused = true
    if (!this.#blocks.isLast(refusalBlock)) this.#blocks.add(refusalBlock, 'text', { type: 'text', text: '' })
    this.#text(refusalBlock, text)
  }

  #think({ block, text }: Event<'reasoning-delta'>): void {
    if (text === '') return
    if (this.#isVisible)
      return this.#blocks.extend(block, `{"type":"thinking_delta","thinking":${JSON.stringify(text)}}`)
    this.#hidden.set(block, (this.#hidden.get(block) ?? '') + text)
    // Shows that the model thinks.
    this.#blocks.open(block)
  }

  #endThinking({ block, signature, redacted }: Event<'reasoning-end'>): void {
    if (redacted !== undefined && !this.#blocks.isOpen(block)) {
      this.#blocks.replace(block, encodeRedacted(this.#origin, redacted))
    } else if (signature !== undefined || this.#blocks.isOpen(block)) {
      const hiddenText = this.#hidden.get(block)
      const sealed = sealSignature(this.#origin, { signature, hiddenText })
      this.#blocks.extend(block, JSON.stringify({ type: 'signature_delta', signature: sealed }))
    }
    this.#hidden.delete(block)
    this.#blocks.end(block)
  }

  #call({ block, id, name }: Event<'tool-start'>): void {
    this.#calls.set(block, id)
    this.#add(block, 'tool', { type: 'tool_use', id, name, input: {} })
  }

  #argue(block: number, json: string): void {
    if (json !== '') this.#blocks.extend(block, inputDelta(json))
  }

  /** Clients parse the arguments: a call that had none gets `{}`. */
  #endCall({ block, signature }: Event<'tool-end'>): void {
    if (!this.#blocks.isOpen(block)) this.#blocks.extend(block, inputDelta('{}'))
    const call = this.#calls.get(block) ?? ''
    this.#calls.delete(block)
    if (signature !== undefined) this.#blocks.sign(block, encodeCallSignature(this.#origin, { call, signature }))
    this.#blocks.end(block)
  }

  #encodeFinish(): JsonObject {
    const explanation = this.#finish?.refusal
    const isRefused = this.#isRefused || explanation !== undefined
    return encodeFinish(this.#finish?.reason, { isRefused, explanation })
  }

  /** As late as the first content, when most is known of the input's tokens. */
  #begun(content: string): string {
    return content === '' ? '' : this.#begin() + content
  }

  #begin(): string {
    if (this.#hasBegun) return ''
    this.#hasBegun = true
    const message: JsonObject = {
      id: messageId(this.#start.id, this.#about),
      type: 'message',
      role: 'assistant',
      model: this.#start.model ?? this.#about.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: encodeUsage(this.#usage, this.#start.serviceTier),
    }
    return sseEvent(JSON.stringify({ type: 'message_start', message }), 'message_start')
  }
}

/** The block of refusals; those of the events count from 0. */
const refusalBlock = -1

function inputDelta(json: string): string {
  return `{"type":"input_json_delta","partial_json":${JSON.stringify(json)}}`
}
