import type { JsonObject } from '../../../chat/json.ts'
import type { OutputItem, Place, Send } from './output-item.ts'

/**
 * What the model thought, as one summary: that is where OpenAI's clients look. `encrypted_content` is what they send
 * back, whatever they asked to be included: without it the thinking would be lost.
 */
export class ReasoningItem implements OutputItem {
  readonly item: JsonObject
  readonly #send: Send
  readonly #at: { item_id: string; output_index: number }
  #text: string | undefined
  #isOpen = true

  constructor({ index, id }: Place, send: Send) {
    this.#send = send
    this.#at = { item_id: id, output_index: index }
    this.item = { id, type: 'reasoning', summary: [] }
    send('response.output_item.added', { output_index: index, item: { ...this.item } })
  }

  text(text: string): void {
    const at = { ...this.#at, summary_index: 0 }
    if (this.#text === undefined) {
      this.#send('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } })
    }
    this.#text = (this.#text ?? '') + text
    this.#send('response.reasoning_summary_text.delta', { ...at, delta: text })
  }

  encrypt(content: string): void {
    this.item['encrypted_content'] = content
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    if (this.#text !== undefined) {
      const at = { ...this.#at, summary_index: 0 }
      const part = { type: 'summary_text', text: this.#text }
      this.item['summary'] = [part]
      this.#send('response.reasoning_summary_text.done', { ...at, text: this.#text })
      this.#send('response.reasoning_summary_part.done', { ...at, part })
    }
    this.#send('response.output_item.done', { output_index: this.#at.output_index, item: this.item })
  }
}
