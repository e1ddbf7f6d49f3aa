import type { Annotation, ChatEvent } from '../../../chat/event.ts'
import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import { mergeUsage, type Usage } from '../../../chat/usage.ts'
import type { ReplyAbout, StreamEncoder } from '../../dialect.ts'
import { encodeLogprobs } from './encode-logprobs.ts'
import {
  callPart,
  closingPart,
  groundingMetadata,
  isSigned,
  showsThoughts,
  signaturePart,
  type Thought,
} from './encode-parts.ts'
import { encodeUsage } from './encode-usage.ts'
import { encodeStreamError } from './errors.ts'
import { finishWord } from './finish.ts'

type Event<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>

interface Ending {
  finishReason?: string
  finishMessage?: string
  annotations: Annotation[]
}

/**
 * Canonical events -> GenerateContentResponse events. Calls go out whole, because Google's clients know no pieces of
 * them; why it ended goes out last, with the usage, which may come after. Single use.
 */
export class GeminiStreamEncoder implements StreamEncoder {
  readonly #about: ReplyAbout
  readonly #shows: boolean
  readonly #endings = new Map<number, Ending>()
  readonly #calls = new Map<number, { id: string; name: string; arguments: string }>()
  /** Text of open reasoning blocks. */
  readonly #thoughts = new Map<number, string>()
  /** By choice: the signed thought that the next call carries. */
  readonly #carried = new Map<number, Thought>()
  /** All that is the same in every chunk, once. */
  #tail: string
  #tier: string | undefined
  #usage: Usage | undefined
  #failed = false

  constructor(about: ReplyAbout) {
    this.#about = about
    this.#shows = showsThoughts(about)
    this.#tail = this.#makeTail({ type: 'start' })
  }

  readonly encode = (event: ChatEvent): string => {
    switch (event.type) {
      case 'text-delta':
        return this.#text(event)
      case 'reasoning-delta':
        return this.#thought(event)
      case 'start':
        this.#tail = this.#makeTail(event)
        this.#tier = event.serviceTier
        return ''
      case 'reasoning-end':
        return this.#endThought(event)
      case 'tool-start':
        this.#calls.set(event.block, { id: event.id, name: event.name, arguments: '' })
        return ''
      case 'tool-delta':
        return this.#argue(event)
      case 'tool-end':
        return this.#endCall(event)
      case 'refusal-delta':
        return this.#part(event.choice, `{"text":${JSON.stringify(event.text)}}`)
      case 'annotation':
        this.#ending(event.choice).annotations.push(event.annotation)
        return ''
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage)
        return ''
      case 'finish':
        this.#finish(event)
        return ''
      case 'error':
        this.#failed = true
        return encodeStreamError(event.error)
      default:
        return ''
    }
  }

  end(): string {
    if (this.#failed) return ''
    const candidates = [...this.#endings]
      .toSorted(([a], [b]) => a - b)
      .map(([index, ending]) => candidate(index, ending))
    const usage = encodeUsage(this.#usage, this.#tier)
    const last = JSON.stringify({ candidates, ...given({ usageMetadata: usage }) })
    return `data: ${last.slice(0, -1)}${this.#tail}`
  }

  #makeTail({ id, model }: Event<'start'>): string {
    const about = JSON.stringify({ modelVersion: model ?? this.#about.model, responseId: id ?? this.#about.id })
    return `,${about.slice(1)}\n\n`
  }

  #text(event: Event<'text-delta'>): string {
    const part = `{"text":${JSON.stringify(event.text)}}`
    const logprobs = event.logprobs === undefined ? undefined : encodeLogprobs(event.logprobs)
    if (logprobs === undefined) return event.text === '' ? '' : this.#part(event.choice, part)
    return this.#part(event.choice, part, `,"logprobsResult":${JSON.stringify(logprobs)}`)
  }

  #thought({ block, choice, text }: Event<'reasoning-delta'>): string {
    this.#thoughts.set(block, (this.#thoughts.get(block) ?? '') + text)
    return this.#shows && text !== '' ? this.#part(choice, `{"text":${JSON.stringify(text)},"thought":true}`) : ''
  }

  #endThought({ block, choice, signature, redacted }: Event<'reasoning-end'>): string {
    const thought: Thought = { text: this.#thoughts.get(block) ?? '', signature, redacted }
    this.#thoughts.delete(block)
    if (!isSigned(thought)) return ''
    this.#carried.set(choice, thought)
    const isShown = this.#shows && thought.text !== ''
    const part = isShown ? closingPart(thought, this.#about) : signaturePart(thought, this.#about)
    return this.#part(choice, JSON.stringify(part))
  }

  #argue(event: Event<'tool-delta'>): string {
    const call = this.#calls.get(event.block)
    if (call !== undefined) call.arguments += event.arguments
    return ''
  }

  #endCall({ block, choice, signature }: Event<'tool-end'>): string {
    const call = this.#calls.get(block)
    if (call === undefined) return ''
    this.#calls.delete(block)
    const part = callPart({ ...call, signature }, this.#carried.get(choice), this.#about)
    this.#carried.delete(choice)
    return this.#part(choice, JSON.stringify(part))
  }

  #finish({ choice, reason, refusal }: Event<'finish'>): void {
    Object.assign(this.#ending(choice), given({ finishReason: finishWord(reason), finishMessage: refusal }))
  }

  #ending(choice: number): Ending {
    const known = this.#endings.get(choice)
    if (known !== undefined) return known
    const made: Ending = { annotations: [] }
    this.#endings.set(choice, made)
    return made
  }

  /** The hot path: `part` and `more` are JSON text, so no line break can be in them. */
  #part(choice: number, part: string, more = ''): string {
    this.#ending(choice)
    return `data: {"candidates":[{"content":{"parts":[${part}],"role":"model"},"index":${choice}${more}}]${this.#tail}`
  }
}

/** An empty text, as Google ends its own streams: clients look for content in every chunk. */
function candidate(index: number, { finishReason = 'STOP', finishMessage, annotations }: Ending): JsonObject {
  return {
    content: { parts: [{ text: '' }], role: 'model' },
    finishReason,
    index,
    ...given({ finishMessage, groundingMetadata: groundingMetadata(annotations) }),
  }
}
