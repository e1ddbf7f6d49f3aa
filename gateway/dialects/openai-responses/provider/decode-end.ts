import type { StreamError } from '../../../chat/event.ts'
import type { FinishReason } from '../../../chat/finish.ts'
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'
import { readErrorObject } from '../../openai-chat/provider/stream-error.ts'
import { closeItem } from './decode-items.ts'
import { CHOICE, fail, itemOf, start, type ResponseState } from './decode-state.ts'
import { readBodyUsage } from './decode-usage.ts'

/** The answer's last event, or a whole answer; `incomplete` ends here too. */
export function complete(state: ResponseState, event: JsonObject): void {
  const response = asObject(event['response']) ?? {}
  if (isFailed(response)) return failResponse(state, event)
  start(state, response)
  // Servers that tell nothing before have it all here; what was told would be told twice.
  if (state.items.size === 0) closeAll(state, asArray(response['output']) ?? [])
  state.parts.end()
  tellUsage(state, response)
  state.isOver = true
  state.emit({ type: 'finish', choice: CHOICE, reason: finishOf(response, state.parts.sawTool(CHOICE)) })
}

/** `response.failed`, and `error` with its words: beside it as in the specification, or inside as they really come. */
export function failResponse(state: ResponseState, event: JsonObject): void {
  const response = asObject(event['response'])
  const { type: _, ...flat } = event
  const error = response?.['error'] ?? event['error'] ?? (response === undefined ? flat : cancelled)
  if (response !== undefined && state.isStarted) tellUsage(state, response)
  fail(state, readFailure(error))
}

const cancelled = { code: 'server_error', message: 'The provider gave the answer up.' }

function isFailed(response: JsonObject): boolean {
  const { error, status } = response
  return (error !== undefined && error !== null) || status === 'failed' || status === 'cancelled'
}

function closeAll(state: ResponseState, output: Json[]): void {
  for (const [index, value] of output.entries()) {
    const body = asObject(value) ?? {}
    closeItem(state, itemOf(state, { output_index: index }, body), body)
  }
}

function tellUsage(state: ResponseState, response: JsonObject): void {
  const usage = readBodyUsage(response)
  if (usage === undefined) return
  const webSearches = usage.webSearches ?? (state.searches === 0 ? undefined : state.searches)
  state.emit({ type: 'usage', usage: webSearches === undefined ? usage : { ...usage, webSearches } })
}

function finishOf(response: JsonObject, calledTool: boolean): FinishReason {
  const reason = asString(asObject(response['incomplete_details'])?.['reason'])
  const raw = reason ?? asString(response['status'])
  const told = raw === undefined ? {} : { raw }
  if (reason === 'max_output_tokens' || reason === 'max_tokens') return { unified: 'length', ...told }
  if (reason === 'content_filter') return { unified: 'content-filter', ...told }
  if (response['status'] === 'incomplete') return { unified: 'other', ...told }
  return { unified: calledTool ? 'tool-calls' : 'stop', ...told }
}

/** Names of what is wrong with a request, told only after it was accepted (openapi.json, ResponseErrorCode). */
const clientsFault = /^(?:invalid_|image_|unsupported_image|empty_image|failed_to_download_image)|_policy/

function readFailure(error: Json): StreamError {
  const words = asObject(error)
  if (words === undefined) return readErrorObject(error, {})
  const isClients = clientsFault.test(asString(words['code']) ?? '') && words['code'] !== 'invalid_api_key'
  return readErrorObject(isClients ? { status: 400, ...words } : words, {})
}
