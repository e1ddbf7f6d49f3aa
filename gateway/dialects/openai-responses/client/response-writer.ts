import type { ChatEvent } from '../../../chat/event.ts'
import type { FinishReason } from '../../../chat/finish.ts'
import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import { seal } from '../../../chat/seal.ts'
import { mergeUsage, type Usage } from '../../../chat/usage.ts'
import type { ReplyAbout } from '../../dialect.ts'
import { CustomCallItem, FunctionCallItem, type CallItem } from './call-item.ts'
import { asksForCompaction, CompactionItem } from './compaction.ts'
import { MessageItem } from './message-item.ts'
import type { OutputItem, Place, Send } from './output-item.ts'
import { ReasoningItem } from './reasoning-item.ts'
import { responseObject, type ResponseState } from './response-object.ts'
import { sealCall } from './seal-call.ts'

type Event<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>

/**
 * Canonical events -> events of a response, told through `send`, and the response they come to. Streams and whole
 * answers are both made here, so that an item has the same id in either. Only the first choice has a form here.
 */
export class ResponseWriter {
  readonly #about: ReplyAbout
  readonly #send: Send
  readonly #items: OutputItem[] = []
  readonly #calls = new Map<number, { item: CallItem; id: string }>()
  readonly #reasoning = new Map<number, ReasoningItem>()
  readonly #signatures: string[] = []
  readonly #compacts: boolean
  #compaction: CompactionItem | undefined
  #message: MessageItem | undefined
  /** Characters of text so far. */
  #length = 0
  #start: Event<'start'> = { type: 'start' }
  #begun = false
  #usage: Usage | undefined
  #finish: FinishReason | undefined

  constructor(about: ReplyAbout, send: Send) {
    this.#about = about
    this.#send = send
    this.#compacts = asksForCompaction(about.body ?? {})
  }

  add(event: ChatEvent): void {
    if ('choice' in event && event.choice !== 0) return
    if (this.#compacts && 'block' in event) return this.#openCompaction().add(event)
    switch (event.type) {
      case 'text-delta':
        return this.#text(event)
      case 'reasoning-delta':
        return this.#thought(event)
      case 'reasoning-end':
        return this.#endReasoning(event)
      case 'tool-start':
        return this.#startCall(event)
      case 'tool-delta':
        return this.#calls.get(event.block)?.item.arguments(event.arguments)
      case 'tool-end':
        return this.#endCall(event)
      case 'refusal-delta':
        return this.#openMessage().refuse(event.text)
      case 'annotation':
        return this.#annotate(event)
      case 'start':
        this.#start = event
        return this.#begin()
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage)
        return
      case 'finish':
        return this.#finished(event)
    }
  }

  /** Closes what is open and tells the end, which has the usage; it may come after the finish. */
  end(): JsonObject {
    this.#begin()
    const ending = endingOf(this.#finish)
    this.#closeAll(ending.status === 'completed')
    const response = this.#response(ending)
    this.#send(`response.${ending.status}`, { response })
    return response
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    const response = this.#response({ status: 'in_progress' })
    this.#send('response.created', { response })
    this.#send('response.in_progress', { response })
  }

  #response(state: Pick<ResponseState, 'status' | 'incomplete' | 'error'>): JsonObject {
    const output = state.status === 'in_progress' ? [] : this.#items.map(({ item }) => item)
    const { model, serviceTier = this.#usage?.serviceTier } = this.#start
    const usage = state.status === 'in_progress' ? undefined : this.#usage
    return responseObject(this.#about, { ...state, output, model, serviceTier, usage })
  }

  #place(prefix: string): Place {
    this.#begin()
    const index = this.#items.length
    return { index, id: `${prefix}_${this.#about.id.replace(/^resp_/, '')}_${index}` }
  }

  #openCompaction(): CompactionItem {
    if (this.#compaction === undefined) {
      this.#compaction = new CompactionItem(this.#place('cmp'), this.#about, this.#send)
      this.#items.push(this.#compaction)
    }
    return this.#compaction
  }

  /** Texts that follow each other are one: providers cut them where they cite. */
  #openMessage(): MessageItem {
    if (this.#message !== undefined) return this.#message
    this.#message = new MessageItem(this.#place('msg'), this.#length, this.#send)
    this.#items.push(this.#message)
    return this.#message
  }

  /** Only now, not where its text ends: citations may still come. */
  #closeMessage(isComplete = true): void {
    this.#message?.close(isComplete)
    this.#message = undefined
  }

  #text({ text, logprobs }: Event<'text-delta'>): void {
    this.#openMessage().text(text, logprobs)
    this.#length += text.length
  }

  #annotate({ annotation }: Event<'annotation'>): void {
    const last = this.#items.findLast((item) => item instanceof MessageItem)
    last?.annotate(annotation)
  }

  #thought({ block, text }: Event<'reasoning-delta'>): void {
    if (this.#about.includeReasoning === false) return
    this.#openReasoning(block).text(text)
  }

  #openReasoning(block: number): ReasoningItem {
    const open = this.#reasoning.get(block)
    if (open !== undefined) return open
    this.#closeMessage()
    const item = new ReasoningItem(this.#place('rs'), this.#send)
    this.#items.push(item)
    this.#reasoning.set(block, item)
    return item
  }

  /**
   * Encrypted thinking shows nothing, so it goes out even to clients that do not want to see reasoning. What is not
   * signed is sealed too: so it is known for ours when it comes back, and is kept from OpenAI, which would refuse it.
   */
  #endReasoning({ block, signature, redacted }: Event<'reasoning-end'>): void {
    const isSigned = signature !== undefined || redacted !== undefined
    const item = isSigned ? this.#openReasoning(block) : this.#reasoning.get(block)
    const { provider, model } = this.#about
    item?.encrypt(seal({ provider, model, ...given({ signature, redacted }) }))
    item?.close()
  }

  #startCall({ block, id, name }: Event<'tool-start'>): void {
    this.#closeMessage()
    const tool = this.#about.request?.tools?.find((each) => each.name === name)
    const isCustom = tool?.custom !== undefined
    const place = this.#place(isCustom ? 'ctc' : 'fc')
    const called = {
      callId: id === '' ? `call_${place.id}` : id,
      name: tool?.namespace?.tool ?? name,
      namespace: tool?.namespace?.name,
    }
    const item = isCustom
      ? new CustomCallItem(place, called, this.#send)
      : new FunctionCallItem(place, called, this.#send)
    this.#items.push(item)
    this.#calls.set(block, { item, id: called.callId })
  }

  #endCall({ block, signature }: Event<'tool-end'>): void {
    const call = this.#calls.get(block)
    call?.item.close(true)
    if (call === undefined || signature === undefined) return
    const { provider, model } = this.#about
    this.#signatures.push(sealCall({ provider, model, signature }, call.id))
  }

  /** Gemini signs calls; items of their own behind all calls are the only place whose content clients send back. */
  #tellSignatures(): void {
    for (const sealed of this.#signatures.splice(0)) {
      const item = new ReasoningItem(this.#place('rs'), this.#send)
      this.#items.push(item)
      item.encrypt(sealed)
      item.close()
    }
  }

  #finished({ reason, refusal }: Event<'finish'>): void {
    if (refusal !== undefined) this.#openMessage().refuse(refusal)
    this.#finish = reason
    this.#closeAll(endingOf(reason).status === 'completed')
  }

  #closeAll(isComplete: boolean): void {
    this.#closeMessage(isComplete)
    for (const item of this.#items) item.close(isComplete)
    this.#tellSignatures()
  }
}

function endingOf(finish: FinishReason | undefined): Pick<ResponseState, 'incomplete' | 'error'> & {
  status: 'completed' | 'incomplete' | 'failed'
} {
  switch (finish?.unified) {
    case 'length':
      return { status: 'incomplete', incomplete: 'max_output_tokens' }
    case 'content-filter':
      return { status: 'incomplete', incomplete: 'content_filter' }
    case 'error':
      return { status: 'failed', error: { code: 'server_error', message: finish.raw ?? 'The provider failed.' } }
    default:
      return { status: 'completed' }
  }
}
