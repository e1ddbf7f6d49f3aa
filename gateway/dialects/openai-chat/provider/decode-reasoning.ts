import { asArray, asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Parts } from '../../../chat/parts.ts'

/**
 * The reasoning of one choice. Text comes as `reasoning_content` (DeepSeek, xAI, Moonshot, Alibaba, Z.ai) or
 * `reasoning` (vLLM, Groq, Cerebras, OpenRouter). OpenRouter repeats it in `reasoning_details`, LiteLLM in
 * `thinking_blocks`; these alone have signatures and borders between blocks, so they count where they have text.
 */
export class ReasoningDecoder {
  readonly #parts: Parts
  readonly #choice: number
  /** Text of the open block: a closing detail may repeat all of it (our own encoder's does). */
  #told = ''

  constructor(parts: Parts, choice: number) {
    this.#parts = parts
    this.#choice = choice
  }

  add(delta: JsonObject): void {
    const items = [...(asArray(delta['reasoning_details']) ?? []), ...(asArray(delta['thinking_blocks']) ?? [])]
    const details = items.filter(isObject)
    if (!details.some((item) => textOf(item) !== ''))
      this.#text(firstText(delta['reasoning_content'], delta['reasoning']))
    for (const item of details) this.#detail(item)
  }

  #text(text: string): void {
    this.#told += text
    this.#parts.reasoning(this.#choice, text)
  }

  #detail(item: JsonObject): void {
    const redacted = isRedacted(item) ? (asString(item['data']) ?? '') : ''
    if (redacted !== '') this.#parts.redacted(this.#choice, redacted)
    const signature = asString(item['signature']) ?? ''
    const text = textOf(item)
    if (signature === '' || text !== this.#told) this.#text(text)
    if (signature !== '') this.#sign(signature)
  }

  /** A signature ends its block: the next text, though reasoning too, is another one. */
  #sign(signature: string): void {
    this.#parts.sign(this.#choice, signature)
    this.#parts.endProse(this.#choice)
    this.#told = ''
  }
}

function isRedacted(item: JsonObject): boolean {
  return item['type'] === 'reasoning.encrypted' || item['type'] === 'redacted_thinking'
}

/** `reasoning.text`, `reasoning.summary` (OpenRouter) and `thinking` (LiteLLM) name it differently. */
function textOf(item: JsonObject): string {
  return isRedacted(item) ? '' : firstText(item['text'], item['summary'], item['thinking'])
}

function firstText(...values: (Json | undefined)[]): string {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? ''
}
