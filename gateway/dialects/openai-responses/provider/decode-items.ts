import { asArray, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'
import {
  addArguments,
  addCitations,
  addInput,
  addRefusal,
  addText,
  addThought,
  contentOf,
  endInput,
} from './decode-pieces.ts'
import { CHOICE, type ItemState, type ResponseState } from './decode-state.ts'

interface ItemHandler {
  /** The item begins; what it holds may be only a beginning. */
  open?: (state: ResponseState, item: ItemState, body: JsonObject) => void
  /** The item is whole: tells whatever did not come as deltas, which minimal servers do not send. */
  close: (state: ResponseState, item: ItemState, body: JsonObject) => void
}

const handlers: Record<string, ItemHandler> = {
  message: {
    close(state, item, body) {
      for (const [index, part] of contentOf(body, 'content').entries()) closePart(state, item, index, part)
      state.parts.endProse(CHOICE)
    },
  },
  reasoning: {
    close(state, item, body) {
      if (item.told.size === 0) tellThoughts(state, item, body)
      signThought(state, item, asString(body['encrypted_content']))
    },
  },
  function_call: {
    open: openCall,
    close(state, item, body) {
      openCall(state, item, body)
      if (!item.told.has('arguments')) addArguments(state, item, argumentsOf(body))
      state.parts.toolEnd(CHOICE, item.key)
    },
  },
  custom_tool_call: {
    open: openCall,
    close(state, item, body) {
      openCall(state, item, body)
      if (!item.told.has('input')) addInput(state, item, asString(body['input']) ?? '')
      endInput(state, item)
      state.parts.toolEnd(CHOICE, item.key)
    },
  },
  web_search_call: {
    open: working,
    close(state, item, body) {
      working(state, item)
      // Opening a page found is not billed as a search.
      const action = asString(asObject(body['action'])?.['type']) ?? 'search'
      if (action === 'search') state.searches += 1
    },
  },
}

/** Tools that the provider runs, compaction and what comes next: nothing to show, but not nothing. */
const others: ItemHandler = { open: working, close: working }

export function openItem(state: ResponseState, item: ItemState, body: JsonObject): void {
  handlerOf(body).open?.(state, item, body)
}

export function closeItem(state: ResponseState, item: ItemState, body: JsonObject): void {
  if (item.told.has('done')) return
  handlerOf(body).close(state, item, body)
  item.told.add('done')
}

function handlerOf(body: JsonObject): ItemHandler {
  const type = asString(body['type']) ?? ''
  return (Object.hasOwn(handlers, type) ? handlers[type] : undefined) ?? others
}

export function closePart(state: ResponseState, item: ItemState, index: number, part: JsonObject): void {
  const type = asString(part['type']) ?? ''
  const name = partName(type === 'refusal' ? 'refusal' : 'text', index)
  if (type === 'refusal') {
    if (!item.told.has(name)) addRefusal(state, item, name, asString(part['refusal']) ?? '')
    return
  }
  if (!item.told.has(name)) addText(state, item, name, textOf(part))
  addCitations(state, item, name, asArray(part['annotations']) ?? [])
}

function textOf(part: JsonObject): { text: string; logprobs: Json | undefined } {
  return { text: asString(part['text']) ?? '', logprobs: part['logprobs'] }
}

export function partName(kind: 'text' | 'refusal' | 'summary' | 'content', index: number): string {
  return `${kind}/${index}`
}

export function tellThought(state: ResponseState, item: ItemState, name: string, text: string): void {
  if (!item.told.has(name)) addThought(state, item, name, text)
}

/** OpenAI tells a summary, servers of open models (LM Studio, vLLM) the thoughts themselves. */
function tellThoughts(state: ResponseState, item: ItemState, body: JsonObject): void {
  const kind = contentOf(body, 'summary').length > 0 ? 'summary' : 'content'
  for (const [index, part] of contentOf(body, kind).entries())
    addThought(state, item, partName(kind, index), asString(part['text']) ?? '')
}

/** The last encrypted content counts: it differs from the one the item began with. */
function signThought(state: ResponseState, item: ItemState, encrypted = ''): void {
  if (encrypted !== '' && item.told.size > 0) state.parts.sign(CHOICE, encrypted)
  else if (encrypted !== '') state.parts.redacted(CHOICE, encrypted)
  state.parts.endProse(CHOICE)
}

function openCall(state: ResponseState, item: ItemState, body: JsonObject): void {
  if (item.told.has('call')) return
  item.told.add('call')
  const id = asString(body['call_id']) ?? asString(body['id']) ?? `call_${item.key}`
  state.parts.toolStart(CHOICE, item.key, { id, name: asString(body['name']) ?? '' })
}

/** Some servers give the arguments as an object instead of its text. */
function argumentsOf(body: JsonObject): string {
  const told = body['arguments']
  if (typeof told === 'string') return told
  return told === undefined || told === null ? '' : JSON.stringify(told)
}

function working(state: ResponseState, item: ItemState): void {
  item.told.add('working')
  state.emit({ type: 'activity' })
}
