import type { Emit, StreamError } from '../../../chat/event.ts'
import { isObject, parseJson } from '../../../chat/json.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { BodyDecoder } from './decode-body.ts'
import { readErrorObject } from './stream-error.ts'

/** A stream of chat or text completion chunks, in any of the ways providers write them. */
export function decodeStream(emit: Emit): StreamDecoder {
  return new ChatStreamDecoder(emit)
}

class ChatStreamDecoder implements StreamDecoder {
  readonly #bodies: BodyDecoder
  /** The last event was not JSON: cut off if nothing follows, else garbage. */
  #broken = false

  constructor(emit: Emit) {
    this.#bodies = new BodyDecoder(emit)
  }

  event(name: string | undefined, data: string): void {
    if (data === '' || this.#bodies.over) return
    if (this.#broken) return this.#bodies.fail(notJson)
    if (data === '[DONE]' || data.trim() === '[DONE]') return this.#bodies.complete()
    const body = parseJson(data)
    if (!isObject(body)) this.#broken = true
    else if (name === 'error') this.#bodies.fail(readErrorObject(body['error'] ?? body, body))
    else this.#bodies.body(body)
  }

  end(): void {
    if (this.#bodies.isFinished()) this.#bodies.complete()
    else this.#bodies.fail(truncated)
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
