import { asNumber, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'
import { closeItem, closePart, openItem, partName, tellThought } from './decode-items.ts'
import { addArguments, addCitation, addInput, addRefusal, addText, addThought } from './decode-pieces.ts'
import { itemOf, start, type ResponseState } from './decode-state.ts'
import { complete, failResponse } from './decode-end.ts'

type EventHandler = (state: ResponseState, event: JsonObject) => void

/**
 * By the event's type without `response.`. Those without a handler tell nothing that another does not: they announce
 * parts, repeat them, and follow the work of the provider's own tools.
 */
const handlers: Record<string, EventHandler> = {
  created: begin,
  in_progress: begin,
  queued: begin,
  'output_item.added'(state, event) {
    const body = asObject(event['item']) ?? {}
    openItem(state, itemOf(state, event, body), body)
  },
  'output_item.done'(state, event) {
    const body = asObject(event['item']) ?? {}
    closeItem(state, itemOf(state, event, body), body)
  },
  'output_text.delta'(state, event) {
    addText(state, itemOf(state, event), textName(event), { text: deltaOf(event), logprobs: event['logprobs'] })
  },
  'output_text.done'(state, event) {
    const part = { type: 'output_text', text: event['text'], logprobs: event['logprobs'] }
    closePart(state, itemOf(state, event), indexOf(event), part)
  },
  'output_text.annotation.added'(state, event) {
    addCitation(state, itemOf(state, event), textName(event), asObject(event['annotation']) ?? {})
  },
  'refusal.delta'(state, event) {
    addRefusal(state, itemOf(state, event), partName('refusal', indexOf(event)), deltaOf(event))
  },
  'refusal.done'(state, event) {
    closePart(state, itemOf(state, event), indexOf(event), { type: 'refusal', refusal: event['refusal'] })
  },
  'reasoning_summary_text.delta'(state, event) {
    addThought(state, itemOf(state, event), summaryName(event), deltaOf(event))
  },
  'reasoning_summary_text.done'(state, event) {
    tellThought(state, itemOf(state, event), summaryName(event), asString(event['text']) ?? '')
  },
  'reasoning_text.delta'(state, event) {
    addThought(state, itemOf(state, event), partName('content', indexOf(event)), deltaOf(event))
  },
  'reasoning_text.done'(state, event) {
    tellThought(state, itemOf(state, event), partName('content', indexOf(event)), asString(event['text']) ?? '')
  },
  'function_call_arguments.delta'(state, event) {
    const item = itemOf(state, event)
    // Before its item began nobody knows whose arguments these are: the whole item will tell them.
    if (item.told.has('call')) addArguments(state, item, deltaOf(event))
  },
  'function_call_arguments.done'(state, event) {
    const item = itemOf(state, event)
    const text = asString(event['arguments']) ?? ''
    if (item.told.has('call') && !item.told.has('arguments') && text !== '') addArguments(state, item, text)
  },
  'custom_tool_call_input.delta'(state, event) {
    const item = itemOf(state, event)
    if (item.told.has('call')) addInput(state, item, deltaOf(event))
  },
  completed: complete,
  // The name that OpenAI's WebSocket and some servers give it.
  done: complete,
  incomplete: complete,
  failed: failResponse,
  cancelled: failResponse,
  error: failResponse,
}

export function handleEvent(state: ResponseState, type: string, event: JsonObject): void {
  const name = type.startsWith('response.') ? type.slice('response.'.length) : type
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (handler !== undefined) return handler(state, event)
  // A proxy's error inside a 200 need not have a type.
  if (type === '' && hasError(event)) failResponse(state, event)
}

function hasError({ error }: { error?: Json }): boolean {
  return error !== undefined && error !== null
}

function begin(state: ResponseState, event: JsonObject): void {
  start(state, asObject(event['response']) ?? {})
}

function deltaOf(event: JsonObject): string {
  return asString(event['delta']) ?? ''
}

function indexOf(event: JsonObject): number {
  return asNumber(event['content_index']) ?? 0
}

function textName(event: JsonObject): string {
  return partName('text', indexOf(event))
}

function summaryName(event: JsonObject): string {
  return partName('summary', asNumber(event['summary_index']) ?? 0)
}
