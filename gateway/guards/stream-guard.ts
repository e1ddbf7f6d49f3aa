import type { ChatEvent, Emit } from '../chat/event.ts'
import type { Json } from '../chat/json.ts'
import type { Guard, GuardMatch } from './guard.ts'
import { HoldBack } from './hold-back.ts'
import { Findings } from './findings.ts'

/** What is held of one block. */
interface Held {
  text: HoldBack
  choice: number
  /** Of deltas that are not gone yet; words in it would tell what is taken out. */
  logprobs: Json[]
  /** Lets go of what may go, as an event of the block's own kind. */
  emit: (text: string, logprobs: Json | undefined) => void
}

/**
 * Between the provider's decoder and the client's encoder: hands events on, with texts held back as far as something
 * that is looked for may be under way, and without what was found. Where a guard blocks, nothing follows any more.
 */
export class StreamGuard {
  readonly findings = new Findings('response')
  /** What made an end of it. */
  blocked: GuardMatch | undefined
  readonly #guards: readonly Guard[]
  readonly #next: Emit
  readonly #blocks = new Map<string, Held>()

  constructor(guards: readonly Guard[], next: Emit) {
    this.#guards = guards
    this.#next = next
  }

  readonly add: Emit = (event) => {
    if (this.blocked !== undefined) return
    switch (event.type) {
      case 'text-delta':
        return this.#push(event, event.text, event.logprobs)
      case 'reasoning-delta':
        return this.#push(event, event.text)
      case 'tool-delta':
        return this.#push(event, event.arguments)
      case 'refusal-delta':
        return this.#push(event, event.text)
      case 'text-end':
      case 'tool-end':
        this.#flush(String(event.block))
        return this.#send(event)
      case 'reasoning-end':
        return this.#endReasoning(event)
      case 'annotation':
        return this.#annotate(event)
      case 'finish':
        return this.#finish(event)
      case 'error':
        // What was held had been produced before.
        this.#flushAll()
        return this.#send(event)
      default:
        return this.#send(event)
    }
  }

  #push(event: Delta, text: string, logprobs?: Json): void {
    const held = this.#held(event)
    if (logprobs !== undefined) held.logprobs.push(logprobs)
    this.#emit(held, held.text.push(text))
  }

  #emit(held: Held, text: string): void {
    if (this.blocked !== undefined) return
    // Words are weighed one by one: none of it goes before its words have.
    const all = held.text.isEmpty && !held.text.isChanged ? joined(held.logprobs) : undefined
    if (held.text.isEmpty) held.logprobs = []
    if (text !== '' || all !== undefined) held.emit(text, all)
  }

  #flush(key: string): boolean {
    const held = this.#blocks.get(key)
    if (held === undefined) return false
    this.#blocks.delete(key)
    this.#emit(held, held.text.flush())
    return held.text.isChanged
  }

  #flushAll(): void {
    for (const key of this.#blocks.keys()) this.#flush(key)
  }

  #send(event: ChatEvent): void {
    if (this.blocked === undefined) this.#next(event)
  }

  #endReasoning(event: Extract<ChatEvent, { type: 'reasoning-end' }>): void {
    const isChanged = this.#flush(String(event.block))
    if (!isChanged) return this.#send(event)
    // It would not fit what the client has.
    const { signature: _, ...unsigned } = event
    this.#send(unsigned)
  }

  #annotate(event: Extract<ChatEvent, { type: 'annotation' }>): void {
    const { title } = event.annotation
    if (title === undefined) return this.#send(event)
    this.#send({ ...event, annotation: { ...event.annotation, title: this.#whole(title) } })
  }

  #finish(event: Extract<ChatEvent, { type: 'finish' }>): void {
    for (const [key, { choice }] of this.#blocks) if (choice === event.choice) this.#flush(key)
    this.#send(event.refusal === undefined ? event : { ...event, refusal: this.#whole(event.refusal) })
  }

  #whole(text: string): string {
    return new HoldBack({ guards: this.#guards, isJson: false, onFound: this.#found }).pushLast(text)
  }

  readonly #found = (match: GuardMatch): void => {
    this.findings.add(match)
    if (match.guard.action === 'block') this.blocked ??= match
  }

  #held(event: Delta): Held {
    const key = event.type === 'refusal-delta' ? `refusal ${event.choice}` : String(event.block)
    const known = this.#blocks.get(key)
    if (known !== undefined) return known
    const isJson = event.type === 'tool-delta'
    const held: Held = {
      text: new HoldBack({ guards: this.#guards, isJson, onFound: this.#found }),
      choice: event.choice,
      logprobs: [],
      emit: (text, logprobs) => this.#send(withText(event, text, logprobs)),
    }
    this.#blocks.set(key, held)
    return held
  }
}

type Delta = Extract<ChatEvent, { type: 'text-delta' | 'reasoning-delta' | 'tool-delta' | 'refusal-delta' }>

function withText(event: Delta, text: string, logprobs: Json | undefined): ChatEvent {
  if (event.type === 'tool-delta') return { ...event, arguments: text }
  if (event.type !== 'text-delta') return { ...event, text }
  const { logprobs: _, ...plain } = event
  return { ...plain, text, ...(logprobs !== undefined && { logprobs }) }
}

/** OpenAI's shape: `{ content: [...] }`. */
function joined(all: Json[]): Json | undefined {
  if (all.length < 2) return all[0]
  const content = all.flatMap((each) => {
    const list = typeof each === 'object' && each !== null && !Array.isArray(each) ? each['content'] : undefined
    return Array.isArray(list) ? list : []
  })
  return { content }
}
