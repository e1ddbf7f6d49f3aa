import type { ChatEvent } from '../../../chat/event.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'
import { mergeUsage } from '../../../chat/usage.ts'
import type { ReplyAbout, StreamEncoder } from '../../dialect.ts'
import { sseEvent } from '../../sse.ts'
import { inputOfArguments } from '../../custom-input.ts'
import { encodeAnnotation, encodeReasoningDetail, encodeSignature, isCustom, originOf } from './encode-parts.ts'
import { encodeUsage } from './encode-usage.ts'
import { encodeErrorEvent } from './errors.ts'
import { finishWord } from './finish.ts'

type Event<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>

/** Canonical events -> `chat.completion.chunk` events. Single use. */
export class ChatStreamEncoder implements StreamEncoder {
  readonly #about: ReplyAbout
  /** Choices whose first delta, the one with the role, was sent. */
  readonly #begun = new Set<number>()
  /** Block of a tool call -> its place among the calls of its choice. */
  readonly #callIndexes = new Map<number, number>()
  readonly #callCounts = new Map<number, number>()
  /** Blocks of calls whose arguments have begun. */
  readonly #argued = new Set<number>()
  /** Arguments of open calls of custom tools: the text in their JSON is told once it is whole. */
  readonly #inputs = new Map<number, string>()
  /** Blocks of calls whose signature was sent. */
  readonly #signed = new Set<number>()
  /** Text of open reasoning blocks: a signature signs all of it. */
  readonly #reasoning = new Map<number, string>()
  readonly #tail: string
  #head: string
  #usage: Usage | undefined
  #failed = false

  constructor(about: ReplyAbout) {
    this.#about = about
    this.#tail = about.includeUsage ? ',"usage":null}\n\n' : '}\n\n'
    this.#head = this.#makeHead({ type: 'start' })
  }

  readonly encode = (event: ChatEvent): string => {
    switch (event.type) {
      case 'text-delta':
        return this.#text(event)
      case 'reasoning-delta':
        return this.#thought(event)
      case 'tool-delta':
        return this.#arguments(event)
      case 'start':
        this.#head = this.#makeHead(event)
        return ''
      case 'reasoning-end':
        return this.#endReasoning(event)
      case 'tool-start':
        return this.#startCall(event)
      case 'tool-end':
        return this.#endCall(event)
      case 'refusal-delta':
        return this.#delta(event.choice, `{"refusal":${JSON.stringify(event.text)}}`)
      case 'annotation':
        return this.#delta(event.choice, JSON.stringify({ annotations: [encodeAnnotation(event.annotation)] }))
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage)
        return ''
      case 'finish':
        return this.#finish(event)
      case 'error':
        this.#failed = true
        return encodeErrorEvent(event.error)
      default:
        return ''
    }
  }

  end(): string {
    return this.#usageChunk() + sseEvent('[DONE]')
  }

  /** All that is the same in every chunk, once: only the text of a delta is serialised per event. */
  #makeHead({ id, created, model, serviceTier, fingerprint }: Event<'start'>): string {
    const head = JSON.stringify({
      id: id ?? this.#about.id,
      object: 'chat.completion.chunk',
      created: created ?? this.#about.created,
      model: model ?? this.#about.model,
      service_tier: serviceTier,
      system_fingerprint: fingerprint,
    })
    return `data: ${head.slice(0, -1)},"choices":[`
  }

  #text(event: Event<'text-delta'>): string {
    const delta = `{"content":${JSON.stringify(event.text)}}`
    if (event.logprobs === undefined) return this.#delta(event.choice, delta)
    return this.#delta(event.choice, delta, JSON.stringify(event.logprobs))
  }

  #thought(event: Event<'reasoning-delta'>): string {
    this.#reasoning.set(event.block, (this.#reasoning.get(event.block) ?? '') + event.text)
    if (this.#about.includeReasoning === false) return ''
    return this.#delta(event.choice, `{"reasoning_content":${JSON.stringify(event.text)}}`)
  }

  #endReasoning(event: Event<'reasoning-end'>): string {
    const text = this.#reasoning.get(event.block) ?? ''
    this.#reasoning.delete(event.block)
    const isVisible = this.#about.includeReasoning !== false
    const detail = encodeReasoningDetail({ ...event, text }, originOf(this.#about), isVisible)
    return detail === undefined ? '' : this.#delta(event.choice, JSON.stringify({ reasoning_details: [detail] }))
  }

  #startCall({ block, choice, id, name, signature }: Event<'tool-start'>): string {
    const index = this.#callCounts.get(choice) ?? 0
    this.#callCounts.set(choice, index + 1)
    this.#callIndexes.set(block, index)
    const extra = this.#sign(block, signature)
    if (isCustom(name, this.#about)) {
      this.#inputs.set(block, '')
      return this.#call(choice, { index, id, type: 'custom', custom: { name, input: '' }, ...extra })
    }
    return this.#call(choice, { index, id, type: 'function', function: { name, arguments: '' }, ...extra })
  }

  /** Once for each call, as early as it is known: `@ai-sdk/openai-compatible` reads it only where the call opens. */
  #sign(block: number, signature: string | undefined): JsonObject {
    if (signature === undefined || this.#signed.has(block)) return {}
    this.#signed.add(block)
    return { extra_content: encodeSignature(signature, originOf(this.#about)) }
  }

  #arguments(event: Event<'tool-delta'>): string {
    const input = this.#inputs.get(event.block)
    if (input !== undefined) {
      this.#inputs.set(event.block, input + event.arguments)
      return ''
    }
    this.#argued.add(event.block)
    const index = this.#callIndexes.get(event.block) ?? 0
    const text = JSON.stringify(event.arguments)
    return this.#delta(event.choice, `{"tool_calls":[{"index":${index},"function":{"arguments":${text}}}]}`)
  }

  /** Clients parse the arguments: a call that had none gets `{}`; a signature that came late has its own piece. */
  #endCall({ block, choice, signature }: Event<'tool-end'>): string {
    const index = this.#callIndexes.get(block) ?? 0
    const extra = this.#sign(block, signature)
    const input = this.#inputs.get(block)
    if (input !== undefined) {
      this.#inputs.delete(block)
      return this.#call(choice, { index, custom: { input: inputOfArguments(input) }, ...extra })
    }
    const isArgued = this.#argued.has(block)
    if (isArgued && !('extra_content' in extra)) return ''
    // `@ai-sdk/openai` takes no piece of a call without `function`.
    return this.#call(choice, { index, function: { arguments: isArgued ? '' : '{}' }, ...extra })
  }

  #call(choice: number, call: JsonObject): string {
    return this.#delta(choice, JSON.stringify({ tool_calls: [call] }))
  }

  #finish({ choice, reason, refusal }: Event<'finish'>): string {
    const refused = refusal === undefined ? '' : this.#delta(choice, JSON.stringify({ refusal }))
    return refused + this.#delta(choice, '{}', 'null', `"${finishWord(reason.unified)}"`)
  }

  /** The hot path: `delta`, `logprobs` and `finish` are JSON text, so no line break can be in them. */
  #delta(choice: number, delta: string, logprobs = 'null', finish = 'null'): string {
    const chunk = `${this.#head}{"index":${choice},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}}]${this.#tail}`
    return this.#begun.has(choice) ? chunk : this.#begin(choice) + chunk
  }

  #begin(choice: number): string {
    this.#begun.add(choice)
    return this.#delta(choice, '{"role":"assistant","content":""}')
  }

  #usageChunk(): string {
    const usage = this.#about.includeUsage && !this.#failed ? encodeUsage(this.#usage) : undefined
    return usage === undefined ? '' : `${this.#head}],"usage":${JSON.stringify(usage)}}\n\n`
  }
}
