import { asObject, type JsonObject } from '../../chat/json.ts'
import { mergeUsage, type Usage } from '../../chat/usage.ts'
import type { ProviderSide } from '../../dialects/dialect.ts'
import { memberValue, scanMembers } from '../../dialects/members.ts'
import { SseReader } from '../../dialects/sse.ts'
import type { ResponseHeaders } from '../../upstream/upstream.ts'
import { eventLimit } from '../relay.ts'

/** Looks at an answer that goes by for the usage it reports. */
export interface ForwardTap {
  /** The answer is one JSON text, of which the end says what it cost: worth holding until it is whole. */
  readonly holds: boolean
  readonly isStream: boolean
  push(chunk: Buffer): void
  /** `whole` where it was held. */
  end(whole: Buffer | undefined): Usage | undefined
}

export function chooseTap(headers: ResponseHeaders, side: ProviderSide | undefined, isRaw: boolean): ForwardTap {
  const type = String(headers['content-type'] ?? '').toLowerCase()
  if (isRaw) return blind
  if (type.includes('event-stream')) return new StreamTap(side)
  return /[/+]json\b/.test(type) && !type.includes('jsonl') ? new WholeTap(side) : blind
}

const blind: ForwardTap = { holds: false, isStream: false, push() {}, end: () => undefined }

class WholeTap implements ForwardTap {
  readonly holds = true
  readonly isStream = false
  readonly #side: ProviderSide | undefined

  constructor(side: ProviderSide | undefined) {
    this.#side = side
  }

  push(): void {}

  end(whole: Buffer | undefined): Usage | undefined {
    return whole === undefined ? undefined : this.#side?.readUsage?.(usageMembers(whole))
  }
}

/** Without parsing the pictures beside them. */
function usageMembers(bytes: Buffer): JsonObject {
  const members = scanMembers(bytes)
  if (members === undefined) return {}
  const [usage, meta] = ['usage', 'meta'].map((name) => asObject(memberValue(members, name)))
  return { ...(usage === undefined ? {} : { usage }), ...(meta === undefined ? {} : { meta }) }
}

/** The last event tells (`image_generation.completed`, `transcript.text.done`, `speech.audio.done`). */
class StreamTap implements ForwardTap {
  readonly holds = false
  readonly isStream = true
  readonly #reader: SseReader
  #usage: Usage | undefined
  /** Bytes since the last event: what has no end is not collected. */
  #waiting = 0

  constructor(side: ProviderSide | undefined) {
    this.#reader = new SseReader((_name, data) => {
      this.#waiting = 0
      if (!data.includes('"usage"')) return
      const usage = side?.readUsage?.(usageMembers(Buffer.from(data)))
      if (usage !== undefined) this.#usage = mergeUsage(this.#usage, usage)
    })
  }

  push(chunk: Buffer): void {
    this.#waiting += chunk.length
    if (this.#waiting <= eventLimit) this.#reader.push(chunk)
  }

  end(): Usage | undefined {
    this.#reader.end()
    return this.#usage
  }
}
