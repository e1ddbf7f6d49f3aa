import type { JsonObject } from '../../../chat/json.ts'
import { CustomInputDecoder } from './custom-input-decoder.ts'
import { statusWord, type OutputItem, type Place, type Send } from './output-item.ts'

export interface CalledTool {
  callId: string
  /** As the client named it. */
  name: string
  namespace: string | undefined
}

/**
 * A call of a tool, as what the client gave it as: Codex ends at a `custom` tool called as a function, and does not find
 * a function of a namespace that is called without.
 */
export interface CallItem extends OutputItem {
  arguments(text: string): void
}

function itemOf(type: string, { id }: Place, { callId, name, namespace }: CalledTool): JsonObject {
  const item: JsonObject = { id, type, status: 'in_progress', call_id: callId, name }
  if (namespace !== undefined) item['namespace'] = namespace
  return item
}

export class FunctionCallItem implements CallItem {
  readonly item: JsonObject
  readonly #send: Send
  readonly #at: { item_id: string; output_index: number }
  #arguments = ''
  #isOpen = true

  constructor(place: Place, tool: CalledTool, send: Send) {
    this.#send = send
    this.#at = { item_id: place.id, output_index: place.index }
    this.item = { ...itemOf('function_call', place, tool), arguments: '' }
    send('response.output_item.added', { output_index: place.index, item: { ...this.item } })
  }

  arguments(text: string): void {
    this.#arguments += text
    this.#send('response.function_call_arguments.delta', { ...this.#at, delta: text })
  }

  close(isComplete: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    // Clients parse the arguments: a call without any gets `{}`.
    if (this.#arguments === '') this.arguments('{}')
    Object.assign(this.item, { status: statusWord(isComplete), arguments: this.#arguments })
    this.#send('response.function_call_arguments.done', {
      ...this.#at,
      name: this.item['name'],
      arguments: this.#arguments,
    })
    this.#send('response.output_item.done', { output_index: this.#at.output_index, item: this.item })
  }
}

export class CustomCallItem implements CallItem {
  readonly item: JsonObject
  readonly #send: Send
  readonly #at: { item_id: string; output_index: number }
  readonly #input = new CustomInputDecoder()
  #isOpen = true

  constructor(place: Place, tool: CalledTool, send: Send) {
    this.#send = send
    this.#at = { item_id: place.id, output_index: place.index }
    this.item = { ...itemOf('custom_tool_call', place, tool), input: '' }
    send('response.output_item.added', { output_index: place.index, item: { ...this.item } })
  }

  arguments(text: string): void {
    this.#tell(this.#input.push(text))
  }

  close(isComplete: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#tell(this.#input.end())
    const input = this.#input.text
    Object.assign(this.item, { status: statusWord(isComplete), input })
    this.#send('response.custom_tool_call_input.done', { ...this.#at, input })
    this.#send('response.output_item.done', { output_index: this.#at.output_index, item: this.item })
  }

  #tell(delta: string): void {
    if (delta !== '') this.#send('response.custom_tool_call_input.delta', { ...this.#at, delta })
  }
}
