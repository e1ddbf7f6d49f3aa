import type { Emit, StreamError } from '../../../chat/event.ts'
import { isObject, type Json } from '../../../chat/json.ts'
import { BodyDecoder } from './decode-body.ts'

/** A whole answer is a stream of one chunk. An error inside a 200 (OpenRouter) is emitted as such. */
export function decodeWhole(body: Json, emit: Emit): void {
  const decoder = new BodyDecoder(emit)
  if (!isObject(body)) return decoder.fail(notAnAnswer)
  decoder.body(body)
  decoder.complete()
}

const notAnAnswer: StreamError = {
  message: 'The provider answered with something that is not a JSON object.',
  code: 'upstream_invalid_response',
  status: 502,
  retryable: true,
}
