import type { Annotation } from '../../../chat/event.ts'
import { asArray, asObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { statusWord, type OutputItem, type Place, type Send } from './output-item.ts'

interface OpenPart {
  index: number
  part: JsonObject
  kind: 'output_text' | 'refusal'
  text: string
}

/** What the model says: text and refusals, each a content part. */
export class MessageItem implements OutputItem {
  readonly item: JsonObject
  readonly #send: Send
  readonly #at: { item_id: string; output_index: number }
  readonly #content: JsonObject[] = []
  /** Characters of the whole answer before this message: offsets of citations count from there. */
  readonly #offset: number
  #part: OpenPart | undefined
  #isOpen = true

  constructor({ index, id }: Place, offset: number, send: Send) {
    this.#send = send
    this.#offset = offset
    this.#at = { item_id: id, output_index: index }
    this.item = { id, type: 'message', status: 'in_progress', role: 'assistant', content: [] }
    send('response.output_item.added', { output_index: index, item: { ...this.item } })
    this.item['content'] = this.#content
  }

  text(text: string, logprobs: Json | undefined): void {
    const open = this.#open('output_text')
    const list = asArray(asObject(logprobs)?.['content']) ?? []
    open.text += text
    const all = asArray(open.part['logprobs'])
    for (const each of list) all?.push(each)
    this.#send('response.output_text.delta', {
      ...this.#at,
      content_index: open.index,
      delta: text,
      logprobs: list,
    })
  }

  refuse(text: string): void {
    const open = this.#open('refusal')
    open.text += text
    this.#send('response.refusal.delta', { ...this.#at, content_index: open.index, delta: text })
  }

  /** A citation that comes when the message is already told is only in the whole answer. */
  annotate({ url, title, start = 0, end = start }: Annotation): void {
    const index = this.#content.findLastIndex((part) => part['type'] === 'output_text')
    const annotations = asArray(this.#content[index]?.['annotations'])
    if (annotations === undefined) return
    const annotation: JsonObject = {
      type: 'url_citation',
      url,
      title: title ?? url,
      start_index: Math.max(0, start - this.#offset),
      end_index: Math.max(0, end - this.#offset),
    }
    const annotation_index = annotations.push(annotation) - 1
    if (this.#part?.index !== index) return
    const at = { ...this.#at, content_index: index, annotation_index }
    this.#send('response.output_text.annotation.added', { ...at, annotation })
  }

  close(isComplete: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#endPart()
    this.item['status'] = statusWord(isComplete)
    this.#send('response.output_item.done', { output_index: this.#at.output_index, item: this.item })
  }

  #open(kind: OpenPart['kind']): OpenPart {
    if (this.#part?.kind === kind) return this.#part
    this.#endPart()
    const part: JsonObject =
      kind === 'refusal' ? { type: kind, refusal: '' } : { type: kind, text: '', annotations: [], logprobs: [] }
    const index = this.#content.push(part) - 1
    this.#send('response.content_part.added', { ...this.#at, content_index: index, part })
    this.#part = { index, part, kind, text: '' }
    return this.#part
  }

  #endPart(): void {
    const open = this.#part
    if (open === undefined) return
    this.#part = undefined
    const at = { ...this.#at, content_index: open.index }
    if (open.kind === 'refusal') {
      open.part['refusal'] = open.text
      this.#send('response.refusal.done', { ...at, refusal: open.text })
    } else {
      open.part['text'] = open.text
      this.#send('response.output_text.done', { ...at, text: open.text, logprobs: open.part['logprobs'] })
    }
    this.#send('response.content_part.done', { ...at, part: open.part })
  }
}
