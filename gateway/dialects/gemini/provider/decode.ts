import { createHash, randomUUID } from 'node:crypto'
import type { ChatEvent, Emit, StreamError } from '../../../chat/event.ts'
import { asArray, asNumber, asObject, asString, parseJson, type Json, type JsonObject } from '../../../chat/json.ts'
import { Parts } from '../../../chat/parts.ts'
import type { StreamDecoder } from '../../dialect.ts'
import { Choice } from './choice.ts'
import { readInbandError } from './errors.ts'
import { FunctionCalls } from './function-calls.ts'
import { readUsage } from './usage.ts'

export function decodeStream(emit: Emit): StreamDecoder {
  const answer = new Answer(emit)
  return {
    event: (_name, data) => {
      // Proxies that speak OpenAI too end every stream so.
      if (data.trim() !== '[DONE]') answer.read(parseJson(data))
    },
    end: () => answer.end(truncated),
  }
}

/** Also takes the JSON array that streamGenerateContent answers without `alt=sse`. */
export function decodeWhole(body: Json, emit: Emit): void {
  const answer = new Answer(emit)
  answer.read(body)
  answer.end()
}

/** More than Google gives (`candidateCount` <= 8); guards against an index that is no index. */
const maxChoices = 128

/** One answer, whole or in chunks: both are made of GenerateContentResponse objects. */
class Answer {
  readonly #emit: Emit
  readonly #parts: Parts
  readonly #calls: FunctionCalls
  readonly #choices = new Map<number, Choice>()
  #responseId: string | undefined
  #started = false
  #failed = false

  constructor(emit: Emit) {
    this.#emit = emit
    this.#parts = new Parts(emit)
    this.#calls = new FunctionCalls(this.#parts, (index) => callId(this.#responseId, index))
  }

  read(chunk: Json | undefined): void {
    if (this.#failed) return
    if (Array.isArray(chunk)) return chunk.forEach((one) => this.read(one))
    const body = asObject(chunk)
    if (body === undefined) return this.#fail(notUnderstood)
    if (body['error'] !== undefined && body['error'] !== null) return this.#fail(readInbandError(body))
    this.#start(body)
    for (const candidate of asArray(body['candidates']) ?? []) this.#candidate(asObject(candidate) ?? {})
    this.#promptFeedback(asObject(body['promptFeedback']) ?? {})
    const usage = readUsage(body)
    if (usage !== undefined) this.#emit({ type: 'usage', usage })
  }

  /** `unfinished` is what it means that a candidate never told why it ended. */
  end(unfinished?: StreamError): void {
    if (this.#failed) return
    const choices = [...this.#choices.values()]
    if (choices.length === 0) return this.#fail(unfinished ?? empty)
    if (unfinished !== undefined && choices.some((choice) => !choice.isFinished)) return this.#fail(unfinished)
    for (const choice of choices) choice.finish()
  }

  #start(body: JsonObject): void {
    if (this.#started) return
    this.#started = true
    this.#responseId = asString(body['responseId'])
    this.#emit(startOf(body))
  }

  #candidate(candidate: JsonObject): void {
    const index = asNumber(candidate['index']) ?? 0
    if (Number.isInteger(index) && index >= 0 && index < maxChoices) this.#choice(index).read(candidate)
  }

  #promptFeedback(feedback: JsonObject): void {
    const raw = asString(feedback['blockReason'])
    if (raw === undefined || raw.endsWith('_UNSPECIFIED')) return
    this.#choice(0).block(raw, asString(feedback['blockReasonMessage']) ?? `Google blocked the prompt (${raw}).`)
  }

  #choice(index: number): Choice {
    const known = this.#choices.get(index)
    if (known !== undefined) return known
    const made = new Choice(index, { emit: this.#emit, parts: this.#parts, calls: this.#calls })
    this.#choices.set(index, made)
    return made
  }

  #fail(error: StreamError): void {
    this.#failed = true
    for (const choice of this.#choices.values()) choice.close()
    this.#emit({ type: 'error', error })
  }
}

function startOf(body: JsonObject): ChatEvent {
  const id = asString(body['responseId'])
  const model = asString(body['modelVersion'])
  // Vertex alone tells the time.
  const createdMs = Date.parse(asString(body['createTime']) ?? '')
  const serviceTier = asString(asObject(body['usageMetadata'])?.['serviceTier'])
  return {
    type: 'start',
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    ...(Number.isNaN(createdMs) ? {} : { created: Math.floor(createdMs / 1000) }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  }
}

/** Google names calls only sometimes. The same answer gives the same ids, and no two answers share one. */
function callId(responseId: string | undefined, index: number): string {
  const seed = `${responseId ?? randomUUID()}/${index}`
  return `call_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`
}

const truncated: StreamError = {
  message: 'The stream from Google ended before the answer did.',
  type: 'upstream_error',
  code: 'stream_truncated',
  status: 502,
  retryable: true,
}

const notUnderstood: StreamError = {
  message: 'Google sent something that is not a JSON object.',
  type: 'upstream_error',
  code: 'upstream_invalid_response',
  status: 502,
  retryable: true,
}

const empty: StreamError = {
  message: 'Google answered without any candidate.',
  type: 'upstream_error',
  code: 'upstream_empty_response',
  status: 502,
  retryable: true,
}
