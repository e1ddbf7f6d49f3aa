import type { ChatEvent } from '../../../chat/event.ts'
import { asArray, isObject, type JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { seal, unseal } from '../../../chat/seal.ts'
import type { OutputItem, Place, Send } from './output-item.ts'

/**
 * Codex asks for a compacted conversation by a last item `compaction_trigger`, and needs exactly one `compaction` item
 * in the answer, which it sends in place of all before (seen of Codex 0.169). The content is OpenAI's secret; ours is a
 * summary by the model that was asked.
 */
export function asksForCompaction(body: JsonObject): boolean {
  const last = asArray(body['input'])?.at(-1)
  return isObject(last) && last['type'] === 'compaction_trigger'
}

export const compactionPrompt =
  'Write a summary of this conversation so far. It will replace the conversation: whoever goes on with it sees nothing ' +
  'else. Keep what was asked and wished for, decisions and their reasons, files, commands and results that matter, what ' +
  'is done and what is to be done next, all with exact names and values. Do not call tools. Answer with the summary alone.'

const mark = 'summary:'

/** undefined where it is OpenAI's own, or something else. */
export function readSummary(encryptedContent: string): string | undefined {
  const text = unseal(encryptedContent)?.signature
  if (text?.startsWith(mark) !== true) return undefined
  return `Summary of the conversation so far:\n\n${text.slice(mark.length)}`
}

/** All that the model says, as the one item. */
export class CompactionItem implements OutputItem {
  readonly item: JsonObject
  readonly #send: Send
  readonly #index: number
  readonly #origin: Origin
  #text = ''
  #isOpen = true

  constructor({ index, id }: Place, { provider, model }: Origin, send: Send) {
    this.#send = send
    this.#index = index
    this.#origin = { provider, model }
    this.item = { id, type: 'compaction', encrypted_content: '' }
    send('response.output_item.added', { output_index: index, item: { ...this.item } })
  }

  add(event: ChatEvent): void {
    if (event.type === 'text-delta') this.#text += event.text
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.item['encrypted_content'] = seal({ ...this.#origin, signature: mark + this.#text })
    this.#send('response.output_item.done', { output_index: this.#index, item: this.item })
  }
}
