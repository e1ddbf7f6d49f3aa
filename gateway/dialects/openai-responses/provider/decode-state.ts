import type { ChatEvent, Emit, StreamError } from '../../../chat/event.ts'
import { asNumber, asString, type JsonObject } from '../../../chat/json.ts'
import { Parts } from '../../../chat/parts.ts'

/** Responses always has one choice. */
export const CHOICE = 0

/** One answer as far as it has come. */
export interface ResponseState {
  emit: Emit
  parts: Parts
  /** Keyed by `output_index`; ids change from event to event at GitHub Copilot. */
  items: Map<string, ItemState>
  /** UTF-16 units of all text so far: offsets of citations count from the beginning of their own part. */
  textLength: number
  /** Searches the provider made, for where it does not count them itself. */
  searches: number
  isStarted: boolean
  /** Nothing is read after the answer's end or an error. */
  isOver: boolean
}

export interface ItemState {
  key: string
  /** Pieces that were told, wholly or as deltas: `text/0`, `summary/1`, `arguments`. */
  told: Set<string>
  /** How many citations of a part were told. */
  citations: Map<string, number>
  /** Where each part's text begins in the text of the answer. */
  starts: Map<string, number>
}

export function newState(emit: Emit): ResponseState {
  return {
    emit,
    parts: new Parts(emit),
    items: new Map(),
    textLength: 0,
    searches: 0,
    isStarted: false,
    isOver: false,
  }
}

/** `response` is what the provider says of the answer; {} where content comes before it says anything. */
export function start(state: ResponseState, response: JsonObject): void {
  if (state.isStarted) return
  state.isStarted = true
  const event: Extract<ChatEvent, { type: 'start' }> = { type: 'start' }
  const id = asString(response['id'])
  const model = asString(response['model'])
  const created = asNumber(response['created_at'])
  const serviceTier = asString(response['service_tier'])
  if (id !== undefined && id !== '') event.id = id
  if (model !== undefined && model !== '') event.model = model
  if (created !== undefined && created !== 0) event.created = Math.floor(created)
  // At the beginning it is what was asked for; only later what was had.
  if (serviceTier !== undefined && serviceTier !== 'auto') event.serviceTier = serviceTier
  state.emit(event)
}

export function fail(state: ResponseState, error: StreamError): void {
  if (state.isOver) return
  state.parts.end()
  state.isOver = true
  state.emit({ type: 'error', error })
}

/** The item an event is about, known or new. */
export function itemOf(state: ResponseState, event: JsonObject, item?: JsonObject): ItemState {
  start(state, {})
  const index = asNumber(event['output_index'])
  const key = index === undefined ? (asString(event['item_id']) ?? asString(item?.['id']) ?? '') : String(index)
  const known = state.items.get(key)
  if (known !== undefined) return known
  const opened: ItemState = { key, told: new Set(), citations: new Map(), starts: new Map() }
  state.items.set(key, opened)
  return opened
}
