import type { Annotation, ChatEvent, StreamError } from './event.ts'
import type { FinishReason } from './finish.ts'
import type { Json } from './json.ts'
import type { AssistantPart } from './request.ts'
import { mergeUsage, type Usage } from './usage.ts'

/** A whole answer: what all events of a stream come to. */
export interface ChatReply {
  id?: string
  model?: string
  /** Seconds since 1970, as the provider told it. */
  created?: number
  serviceTier?: string
  fingerprint?: string
  choices: ChatChoice[]
  usage?: Usage
  /** The stream broke with this; `choices` holds what came before. */
  error?: StreamError
}

export interface ChatChoice {
  parts: AssistantPart[]
  annotations: Annotation[]
  /** OpenAI's shape, concatenated: `{ content: [...] }`. */
  logprobs?: Json
  finish?: FinishReason
}

/** Collects a stream's events into the whole answer. Single use. */
export class Collector {
  readonly reply: ChatReply = { choices: [] }
  /** UTF-16 units of text and arguments so far. */
  length = 0
  readonly #blocks = new Map<number, AssistantPart>()
  readonly #limit: number

  /** Beyond `limit` (UTF-16 units) text is counted and no longer kept. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit
  }

  /** More came than was kept: the reply is not the whole answer. */
  get overflowed(): boolean {
    return this.length > this.#limit
  }

  readonly add = (event: ChatEvent): void => {
    switch (event.type) {
      case 'start': {
        const { type: _, ...about } = event
        Object.assign(this.reply, about)
        return
      }
      case 'text-start':
        return this.#open(event, { type: 'text', text: '' })
      case 'reasoning-start':
        return this.#open(event, { type: 'reasoning', text: '' })
      case 'tool-start':
        return this.#open(event, { type: 'tool-call', id: event.id, name: event.name, arguments: '' })
      case 'text-delta':
        this.#append(event.block, event.text)
        return event.logprobs === undefined ? undefined : this.#addLogprobs(event.choice, event.logprobs)
      case 'reasoning-delta':
        return this.#append(event.block, event.text)
      case 'tool-delta':
        return this.#append(event.block, event.arguments)
      case 'reasoning-end':
      case 'tool-end':
        return this.#sign(event)
      case 'text-end':
      case 'activity':
        return
      case 'refusal-delta':
        return this.#refuse(event.choice, event.text)
      case 'annotation':
        this.#choice(event.choice).annotations.push(event.annotation)
        return
      case 'usage':
        this.reply.usage = mergeUsage(this.reply.usage, event.usage)
        return
      case 'finish':
        this.#choice(event.choice).finish = event.reason
        if (event.refusal !== undefined) this.#refuse(event.choice, event.refusal)
        return
      case 'error':
        this.reply.error = event.error
    }
  }

  #choice(index: number): ChatChoice {
    while (this.reply.choices.length <= index) this.reply.choices.push({ parts: [], annotations: [] })
    return this.reply.choices[index] as ChatChoice
  }

  #open(event: { block: number; choice: number }, part: AssistantPart): void {
    this.#blocks.set(event.block, part)
    this.#choice(event.choice).parts.push(part)
  }

  #append(block: number, text: string): void {
    const part = this.#blocks.get(block)
    this.length += text.length
    if (part === undefined || this.overflowed) return
    if (part.type === 'tool-call') part.arguments += text
    else part.text += text
  }

  #sign(event: Extract<ChatEvent, { type: 'reasoning-end' | 'tool-end' }>): void {
    const part = this.#blocks.get(event.block)
    if (part === undefined) return
    if (event.signature !== undefined && part.type !== 'text' && part.type !== 'refusal')
      part.signature = event.signature
    if (event.type === 'reasoning-end' && event.redacted !== undefined && part.type === 'reasoning')
      part.redacted = event.redacted
  }

  #refuse(index: number, text: string): void {
    const { parts } = this.#choice(index)
    const last = parts.at(-1)
    if (last?.type === 'refusal') last.text += text
    else parts.push({ type: 'refusal', text })
  }

  #addLogprobs(index: number, logprobs: Json): void {
    const choice = this.#choice(index)
    const content = (value: Json | undefined): Json[] => {
      const list = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['content'] : undefined
      return Array.isArray(list) ? list : []
    }
    // Added to what is there: made anew for every token, a long answer would take the square of its length.
    const all = content(choice.logprobs)
    for (const each of content(logprobs)) all.push(each)
    choice.logprobs = { content: all }
  }
}

export function collect(events: Iterable<ChatEvent>): ChatReply {
  const collector = new Collector()
  for (const event of events) collector.add(event)
  return collector.reply
}

/** The other way: a whole answer as the events that collect into it. `sliceLength` cuts long text, in UTF-16 units. */
export function* replay(reply: ChatReply, sliceLength = Number.POSITIVE_INFINITY): Generator<ChatEvent> {
  const { choices, usage, error, ...about } = reply
  yield { type: 'start', ...about }
  let block = 0
  for (const [choice, { parts, annotations, finish, logprobs }] of choices.entries()) {
    let unsentLogprobs = logprobs
    for (const part of parts) {
      yield* replayPart(part, { block: block++, choice }, sliceLength, unsentLogprobs)
      if (part.type === 'text') unsentLogprobs = undefined
    }
    for (const annotation of annotations) yield { type: 'annotation', choice, annotation }
    if (finish !== undefined) yield { type: 'finish', choice, reason: finish }
  }
  if (usage !== undefined) yield { type: 'usage', usage }
  if (error !== undefined) yield { type: 'error', error }
}

function* replayPart(
  part: AssistantPart,
  at: { block: number; choice: number },
  sliceLength: number,
  logprobs: Json | undefined,
): Generator<ChatEvent> {
  switch (part.type) {
    case 'text': {
      yield { type: 'text-start', ...at }
      const all = logprobs === undefined ? slices(part.text, sliceLength) : [part.text]
      for (const text of all) yield { type: 'text-delta', ...at, text, ...(logprobs === undefined ? {} : { logprobs }) }
      yield { type: 'text-end', ...at }
      return
    }
    case 'reasoning':
      yield { type: 'reasoning-start', ...at }
      for (const text of slices(part.text, sliceLength)) yield { type: 'reasoning-delta', ...at, text }
      yield {
        type: 'reasoning-end',
        ...at,
        ...signatureOf(part),
        ...(part.redacted === undefined ? {} : { redacted: part.redacted }),
      }
      return
    case 'tool-call':
      yield { type: 'tool-start', ...at, id: part.id, name: part.name, ...signatureOf(part) }
      for (const text of slices(part.arguments, sliceLength)) yield { type: 'tool-delta', ...at, arguments: text }
      yield { type: 'tool-end', ...at, ...signatureOf(part) }
      return
    case 'refusal':
      yield { type: 'refusal-delta', choice: at.choice, text: part.text }
  }
}

function signatureOf({ signature }: { signature?: string }): { signature?: string } {
  return signature === undefined ? {} : { signature }
}

/** Cuts text without splitting a surrogate pair. */
function* slices(text: string, length: number): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + Math.max(1, length))
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end += 1
    yield text.slice(start, end)
    start = end
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
