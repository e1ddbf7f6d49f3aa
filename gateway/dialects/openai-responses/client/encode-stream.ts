import type { ChatEvent } from '../../../chat/event.ts'
import type { ReplyAbout, StreamEncoder } from '../../dialect.ts'
import { sseEvent } from '../../sse.ts'
import { encodeStreamError } from './errors.ts'
import { ResponseWriter } from './response-writer.ts'

/** Canonical events -> events of OpenAI Responses; there is no sentinel. Single use. */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #writer: ResponseWriter
  #text = ''
  #sequence = 0
  #failed = false

  constructor(about: ReplyAbout) {
    this.#writer = new ResponseWriter(about, (type, members) => {
      const data = JSON.stringify({ type, ...members, sequence_number: this.#sequence })
      this.#sequence += 1
      this.#text += sseEvent(data, type)
    })
  }

  readonly encode = (event: ChatEvent): string => {
    if (event.type === 'error') {
      this.#failed = true
      return encodeStreamError(event.error)
    }
    this.#writer.add(event)
    return this.#take()
  }

  end(): string {
    if (!this.#failed) this.#writer.end()
    return this.#take()
  }

  #take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}
