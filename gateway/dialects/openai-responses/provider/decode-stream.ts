import type { Emit, StreamError } from '../../../chat/event.ts'
import { asString, isObject, parseJson } from '../../../chat/json.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { handleEvent } from './decode-events.ts'
import { fail, newState, type ResponseState } from './decode-state.ts'

/** A stream of Responses events. `[DONE]`, which some servers add, means nothing. */
export function decodeStream(emit: Emit): StreamDecoder {
  return new ResponsesStreamDecoder(newState(emit))
}

class ResponsesStreamDecoder implements StreamDecoder {
  readonly #state: ResponseState
  /** The last event was not JSON: cut off if nothing follows, else garbage. */
  #broken = false

  constructor(state: ResponseState) {
    this.#state = state
  }

  event(name: string | undefined, data: string): void {
    if (this.#state.isOver || data === '' || data.trim() === '[DONE]') return
    if (this.#broken) return fail(this.#state, notJson)
    const event = parseJson(data)
    if (!isObject(event)) this.#broken = true
    else handleEvent(this.#state, asString(event['type']) ?? name ?? '', event)
  }

  end(): void {
    fail(this.#state, truncated)
  }
}

const truncated: StreamError = {
  message: 'The provider ended the stream before the answer was complete.',
  code: 'stream_truncated',
  status: 502,
  retryable: true,
}

const notJson: StreamError = {
  message: 'The provider sent something in the stream that is not JSON.',
  code: 'upstream_invalid_response',
  status: 502,
  retryable: true,
}
