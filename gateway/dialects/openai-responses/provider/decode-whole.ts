import type { Emit, StreamError } from '../../../chat/event.ts'
import { asArray, isObject, type Json } from '../../../chat/json.ts'
import { complete, failResponse } from './decode-end.ts'
import { fail, newState } from './decode-state.ts'

/** A whole answer is what a stream's last event holds. An error inside a 200 is emitted as such. */
export function decodeWhole(body: Json, emit: Emit): void {
  const state = newState(emit)
  if (!isObject(body)) return fail(state, notAnAnswer)
  const isError = body['error'] !== undefined && body['error'] !== null
  if (isError) return failResponse(state, body)
  if (asArray(body['output']) === undefined) return fail(state, notAnAnswer)
  complete(state, { response: body })
}

const notAnAnswer: StreamError = {
  message: 'The provider answered with something that is not a response.',
  code: 'upstream_invalid_response',
  status: 502,
  retryable: true,
}
