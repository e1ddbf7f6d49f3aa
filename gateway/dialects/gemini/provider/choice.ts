import type { Emit } from '../../../chat/event.ts'
import type { FinishReason } from '../../../chat/finish.ts'
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Parts } from '../../../chat/parts.ts'
import { finishReason } from './finish.ts'
import type { FunctionCalls } from './function-calls.ts'
import { readAnnotations } from './grounding.ts'
import { readLogprobs } from './logprobs.ts'

interface Tools {
  emit: Emit
  parts: Parts
  calls: FunctionCalls
}

/** One candidate, over all chunks of the answer. */
export class Choice {
  readonly #index: number
  readonly #tools: Tools
  readonly #cited = new Set<string>()
  /** Of a text part; told when the text is over. */
  #textSignature: string | undefined
  #finish: { raw: string; isBlock: boolean; message: string | undefined } | undefined

  constructor(index: number, tools: Tools) {
    this.#index = index
    this.#tools = tools
  }

  get isFinished(): boolean {
    return this.#finish !== undefined
  }

  read(candidate: JsonObject): void {
    let logprobs = readLogprobs(candidate)
    for (const value of asArray(asObject(candidate['content'])?.['parts']) ?? []) {
      const part = asObject(value) ?? {}
      if (this.#readPart(part, logprobs) === 'text') logprobs = undefined
    }
    this.#annotate(candidate)
    const raw = asString(candidate['finishReason'])
    if (raw !== undefined) this.#finish = { raw, isBlock: false, message: asString(candidate['finishMessage']) }
  }

  /** The prompt was blocked: there is no candidate, only the reason. */
  block(raw: string, message: string): void {
    this.#finish = { raw, isBlock: true, message }
  }

  close(): void {
    this.#tools.calls.end(this.#index)
    this.#tellTextSignature()
    this.#tools.parts.end(this.#index)
  }

  /** Told last of all: some models say STOP in every chunk, and function calls may follow it. */
  finish(): void {
    this.close()
    const message = this.#finish?.message
    const reason = this.#reason()
    const refusal = reason.unified === 'content-filter' && message !== undefined ? { refusal: message } : {}
    this.#tools.emit({ type: 'finish', choice: this.#index, reason, ...refusal })
  }

  #reason(): FinishReason {
    const calledTool = this.#tools.parts.sawTool(this.#index)
    if (this.#finish === undefined) return { unified: calledTool ? 'tool-calls' : 'other' }
    const { raw, isBlock } = this.#finish
    return isBlock ? { unified: 'content-filter', raw } : finishReason(raw, calledTool)
  }

  /** Parts without canonical form only tell that something is done: images, code that Google ran, Google's own tools. */
  #readPart(part: JsonObject, logprobs: Json | undefined): 'text' | undefined {
    const signature = asString(part['thoughtSignature'])
    const call = asObject(part['functionCall'])
    if (call !== undefined) return this.#call(call, signature)
    const text = asString(part['text'])
    if (text === undefined) return this.#work(part)
    if (text !== '') this.#tools.calls.end(this.#index)
    return part['thought'] === true ? this.#think(text, signature) : this.#write(text, signature, logprobs)
  }

  #work(part: JsonObject): undefined {
    if (Object.keys(part).some((name) => name !== 'thoughtSignature')) this.#tools.emit({ type: 'activity' })
  }

  #call(call: JsonObject, signature: string | undefined): undefined {
    this.#tellTextSignature()
    this.#tools.calls.add(this.#index, call, signature)
  }

  #think(text: string, signature: string | undefined): undefined {
    // A thought ends the text before it.
    this.#tellTextSignature()
    this.#tools.parts.reasoning(this.#index, text)
    if (signature === undefined) return
    this.#tools.parts.sign(this.#index, signature)
    // It closes the thought: what follows is another, with a signature of its own.
    this.#tools.parts.endProse(this.#index)
  }

  #write(text: string, signature: string | undefined, logprobs: Json | undefined): 'text' {
    if (signature !== undefined) this.#tellTextSignature()
    this.#tools.parts.text(this.#index, text, logprobs)
    this.#textSignature = signature ?? this.#textSignature
    return 'text'
  }

  /** Canonical text has no place for a signature: it becomes an empty signed thought behind the text. */
  #tellTextSignature(): void {
    if (this.#textSignature === undefined) return
    this.#tools.parts.endProse(this.#index)
    this.#tools.parts.sign(this.#index, this.#textSignature)
    this.#tools.parts.endProse(this.#index)
    this.#textSignature = undefined
  }

  #annotate(candidate: JsonObject): void {
    for (const annotation of readAnnotations(candidate)) {
      if (this.#cited.has(annotation.url)) continue
      this.#cited.add(annotation.url)
      this.#tools.emit({ type: 'annotation', choice: this.#index, annotation })
    }
  }
}
