import type { ChatReply } from '../../chat/collect.ts'
import type { ChatEvent } from '../../chat/event.ts'
import type { UnifiedFinish } from '../../chat/finish.ts'
import type { JsonObject } from '../../chat/json.ts'
import { mergeUsage, type Usage } from '../../chat/usage.ts'
import { encodeUsage } from '../openai-chat/client/encode-usage.ts'
import { encodeErrorEvent } from '../openai-chat/client/errors.ts'
import { given } from '../../chat/given.ts'
import type { ReplyAbout, StreamEncoder } from '../dialect.ts'
import { sseEvent } from '../sse.ts'

/** A completion is text alone: refusals are text too, reasoning and calls have no form here. */
export function encodeWhole(reply: ChatReply, about: ReplyAbout): JsonObject {
  return {
    id: reply.id ?? about.id,
    object: 'text_completion',
    created: reply.created ?? about.created,
    model: reply.model ?? about.model,
    choices: reply.choices.map(({ parts, finish }, index) => ({
      text: parts.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join(''),
      index,
      logprobs: null,
      finish_reason: finishWord(finish?.unified ?? 'stop'),
    })),
    ...given({ usage: encodeUsage(reply.usage), system_fingerprint: reply.fingerprint }),
  }
}

/** Canonical events -> `text_completion` events. Single use. */
export class CompletionStreamEncoder implements StreamEncoder {
  readonly #about: ReplyAbout
  #start: Extract<ChatEvent, { type: 'start' }> = { type: 'start' }
  #usage: Usage | undefined
  #failed = false

  constructor(about: ReplyAbout) {
    this.#about = about
  }

  readonly encode = (event: ChatEvent): string => {
    switch (event.type) {
      case 'start':
        this.#start = event
        return ''
      case 'text-delta':
      case 'refusal-delta':
        return this.#chunk([{ text: event.text, index: event.choice, logprobs: null, finish_reason: null }])
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage)
        return ''
      case 'finish':
        return this.#finish(event)
      case 'error':
        this.#failed = true
        return encodeErrorEvent(event.error)
      default:
        return ''
    }
  }

  end(): string {
    const usage = this.#about.includeUsage && !this.#failed ? encodeUsage(this.#usage) : undefined
    return (usage === undefined ? '' : this.#chunk([], usage)) + sseEvent('[DONE]')
  }

  #finish({ choice, reason, refusal }: Extract<ChatEvent, { type: 'finish' }>): string {
    const text = refusal ?? ''
    return this.#chunk([{ text, index: choice, logprobs: null, finish_reason: finishWord(reason.unified) }])
  }

  #chunk(choices: JsonObject[], usage: JsonObject | null = null): string {
    const chunk: JsonObject = {
      id: this.#start.id ?? this.#about.id,
      object: 'text_completion',
      created: this.#start.created ?? this.#about.created,
      choices,
      model: this.#start.model ?? this.#about.model,
      ...given({ system_fingerprint: this.#start.fingerprint }),
    }
    if (this.#about.includeUsage) chunk['usage'] = usage
    return sseEvent(JSON.stringify(chunk))
  }
}

/** Completions know no other words (openapi.json, CreateCompletionResponse). */
function finishWord(unified: UnifiedFinish): string {
  if (unified === 'length') return 'length'
  return unified === 'content-filter' ? 'content_filter' : 'stop'
}
