import type { ChatEvent, Emit, StreamError } from '../../../chat/event.ts'
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../../../chat/json.ts'
import { Parts } from '../../../chat/parts.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { type BlockState, extendBlock, startBlock, stopBlock } from './decode-blocks.ts'
import { brokenAnswer, readStreamError } from './errors.ts'
import { readFinish } from './finish.ts'
import { mergeWireUsage, readEarlyUsage, readUsage } from './usage.ts'

interface MessageState extends BlockState {
  isStarted: boolean
  /** Nothing is read after the answer's end or an error. */
  isOver: boolean
  id: string | undefined
  usage: JsonObject
  stopReason: string | undefined
  stopSequence: string | undefined
  explanation: string | undefined
}

type EventHandler = (state: MessageState, event: JsonObject) => void

/** `ping` may come anywhere and means nothing; unknown events are from the future and mean nothing either. */
const handlers: Record<string, EventHandler> = {
  message_start(state, event) {
    const message = asObject(event['message']) ?? {}
    if (state.isStarted) return startAgain(state, message)
    state.id = asString(message['id'])
    state.usage = mergeWireUsage({}, asObject(message['usage']) ?? {})
    start(state, message)
    if (hasMembers(state.usage)) state.emit({ type: 'usage', usage: readEarlyUsage(state.usage) })
    readContent(state, asArray(message['content']) ?? [])
  },
  content_block_start(state, event) {
    if (!state.isStarted) start(state, {})
    startBlock(state, indexOf(event), asObject(event['content_block']) ?? {})
  },
  content_block_delta(state, event) {
    if (!state.isStarted) start(state, {})
    extendBlock(state, indexOf(event), asObject(event['delta']) ?? {})
  },
  content_block_stop(state, event) {
    stopBlock(state, indexOf(event))
  },
  message_delta(state, event) {
    const delta = asObject(event['delta'])
    state.stopReason = asString(delta?.['stop_reason']) ?? state.stopReason
    state.stopSequence = asString(delta?.['stop_sequence']) ?? state.stopSequence
    state.explanation = asString(asObject(delta?.['stop_details'])?.['explanation']) ?? state.explanation
    const usage = asObject(event['usage'])
    if (usage === undefined) return
    state.usage = mergeWireUsage(state.usage, usage)
    if (hasMembers(state.usage)) state.emit({ type: 'usage', usage: readUsage(state.usage) })
  },
  message_stop: finish,
  error(state, event) {
    fail(state, readStreamError(event))
  },
}

export function decodeStream(emit: Emit): StreamDecoder {
  const state = newState(emit)
  return {
    event(name, data) {
      // Compatible servers end with OpenAI's sentinel, and ping without data.
      if (state.isOver || name === 'ping' || data === '[DONE]') return
      const plain = plainTextDelta.exec(data)
      if (plain !== null) return readPlainText(state, plain)
      const event = asObject(parseJson(data))
      if (event === undefined) return fail(state, notJson(name, data))
      handle(state, asString(event['type']) ?? name, event)
    },
    end() {
      if (state.isOver) return
      // The reason is the last thing that matters: an answer that has it is whole, even without its message_stop.
      if (state.stopReason !== undefined) return finish(state)
      fail(state, brokenAnswer('The provider ended the stream before the answer was complete.', 'stream_truncated'))
    },
  }
}

/** Nine in ten events, told without parsing: text with nothing in it that JSON escapes. Halves the work of decoding. */
const plainTextDelta =
  // oxlint-disable-next-line no-control-regex -- JSON has none of them in a string
  /^\{"type": ?"content_block_delta", ?"index": ?(\d{1,9}), ?"delta": ?\{"type": ?"text_delta", ?"text": ?"([^"\\\u0000-\u001f]*)"\} *\}$/

function readPlainText(state: MessageState, [, index, text]: RegExpExecArray): void {
  if (!state.isStarted) start(state, {})
  extendBlock(state, Number(index), { type: 'text_delta', text })
}

/** A whole body is the same message as in message_start, with its content filled in: one code path for both. */
export function decodeWhole(body: Json, emit: Emit): void {
  const state = newState(emit)
  const message = asObject(body)
  if (message !== undefined && isError(message)) return fail(state, readStreamError(message))
  if (message === undefined || asArray(message['content']) === undefined)
    return fail(state, brokenAnswer('The provider answered with something that is not a message.'))
  const { stop_reason, stop_sequence, stop_details, usage } = message
  handle(state, 'message_start', { message })
  handle(state, 'message_delta', { delta: { stop_reason, stop_sequence, stop_details }, usage })
  handle(state, 'message_stop', {})
}

function newState(emit: Emit): MessageState {
  return {
    emit,
    parts: new Parts(emit),
    open: new Map(),
    textLength: 0,
    isStarted: false,
    isOver: false,
    id: undefined,
    usage: {},
    stopReason: undefined,
    stopSequence: undefined,
    explanation: undefined,
  }
}

function handle(state: MessageState, type: string | undefined, event: JsonObject): void {
  const known = type !== undefined && Object.hasOwn(handlers, type) ? handlers[type] : undefined
  if (known !== undefined) return known(state, event)
  // A proxy's error inside a 200 need not be Anthropic's shape.
  if (isError(event)) fail(state, readStreamError(event))
}

function isError(body: JsonObject): boolean {
  const error = body['error']
  return body['type'] === 'error' || isObject(error) || (typeof error === 'string' && error !== '')
}

function start(state: MessageState, message: JsonObject): void {
  state.isStarted = true
  const event: Extract<ChatEvent, { type: 'start' }> = { type: 'start' }
  const model = asString(message['model'])
  const serviceTier = asString(state.usage['service_tier'])
  if (state.id !== undefined) event.id = state.id
  if (model !== undefined) event.model = model
  if (serviceTier !== undefined) event.serviceTier = serviceTier
  state.emit(event)
}

/**
 * Upstreams repeat message_start: ignored. With another id it is another answer spliced into this one: half a tool call
 * of the first would pass for a whole one (vercel/ai issue 18331 fails such a stream too).
 */
function startAgain(state: MessageState, message: JsonObject): void {
  const id = asString(message['id'])
  if (id === undefined || state.id === undefined || id === state.id) return
  fail(state, brokenAnswer('The provider began a second answer inside the first.'))
}

function readContent(state: MessageState, content: Json[]): void {
  for (const [position, block] of content.entries()) {
    // Streams number their own blocks from 0: these must not meet them.
    const index = -1 - position
    startBlock(state, index, asObject(block) ?? {})
    stopBlock(state, index)
  }
}

function finish(state: MessageState): void {
  if (!state.isStarted) start(state, {})
  for (const index of state.open.keys()) stopBlock(state, index)
  state.parts.end()
  state.isOver = true
  const reason = readFinish(state.stopReason, state.stopSequence)
  const refusal = reason.unified === 'content-filter' ? state.explanation : undefined
  state.emit({ type: 'finish', choice: 0, reason, ...(refusal === undefined ? {} : { refusal }) })
}

function fail(state: MessageState, error: StreamError): void {
  state.parts.end()
  state.isOver = true
  state.emit({ type: 'error', error })
}

function indexOf(event: JsonObject): number {
  return asNumber(event['index']) ?? 0
}

function notJson(name: string | undefined, data: string): StreamError {
  if (name === 'error' && data !== '') return readStreamError({ error: data })
  return brokenAnswer('The provider sent a stream event that is not JSON.')
}

function hasMembers(usage: JsonObject): boolean {
  return Object.keys(usage).length > 0
}
