import type { Annotation, ChatEvent, Emit, StreamError } from '../../../chat/event.ts'
import { asArray, asNumber, asObject, asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { Parts } from '../../../chat/parts.ts'
import { given } from '../../../chat/given.ts'
import { readAnnotations, readSources } from './decode-annotations.ts'
import { decodeContent } from './decode-content.ts'
import { ReasoningDecoder } from './decode-reasoning.ts'
import { ToolCalls } from './decode-tools.ts'
import { findUsage, readUsage } from './decode-usage.ts'
import { readFinish } from './finish.ts'
import { readErrorObject } from './stream-error.ts'

interface Choice {
  reasoning: ReasoningDecoder
  calls: ToolCalls
  /** The provider's word; undefined = not finished yet. */
  finish: string | undefined
}

/** OpenAI allows n up to 128; a larger index is nonsense and would cost memory. */
const maxChoices = 128

/**
 * Reads bodies of one answer: every chunk of a stream, or the one body of a whole answer, whose `message` is a delta
 * that holds everything. Finish reasons are held back until the end: OpenRouter repeats them, and sends text and
 * errors after them.
 */
export class BodyDecoder {
  readonly #emit: Emit
  readonly #parts: Parts
  readonly #choices = new Map<number, Choice>()
  readonly #sources = new Map<string, Annotation>()
  #about: Omit<Extract<ChatEvent, { type: 'start' }>, 'type'> = {}
  #started = false
  /** An error or the end was told: whatever follows is ignored. */
  #over = false

  constructor(emit: Emit) {
    this.#emit = emit
    this.#parts = new Parts(emit)
  }

  get over(): boolean {
    return this.#over
  }

  body(body: JsonObject): void {
    if (this.#over) return
    this.#readAbout(body)
    const choices = (asArray(body['choices']) ?? []).filter(isObject)
    if (choices.length > 0) this.#start()
    for (const [position, choice] of choices.entries()) this.#choice(choice, position)
    for (const source of readSources(body)) this.#sources.set(source.url, source)
    this.#usage(body)
    const error = body['error'] ?? choices.find((choice) => isObject(choice['error']))?.['error'] ?? undefined
    if (error !== undefined) this.fail(readErrorObject(error, body))
  }

  /** The answer is complete: tells the finish reasons. */
  complete(): void {
    if (this.#over) return
    if (this.#choices.size === 0) return this.fail(emptyAnswer)
    for (const { url, ...rest } of this.#sources.values())
      this.#emit({ type: 'annotation', choice: 0, annotation: { url, ...rest } })
    for (const [index, { finish, calls }] of this.#choices) {
      calls.end()
      this.#parts.end(index)
      this.#emit({ type: 'finish', choice: index, reason: readFinish(finish, this.#parts.sawTool(index)) })
    }
    this.#over = true
  }

  fail(error: StreamError): void {
    if (this.#over) return
    this.#parts.end()
    this.#emit({ type: 'error', error })
    this.#over = true
  }

  /** Whether every choice that began has its finish reason. */
  isFinished(): boolean {
    return this.#choices.size > 0 && [...this.#choices.values()].every(({ finish }) => finish !== undefined)
  }

  /** Azure's first chunk has neither choices nor id nor model, only '' and 0: nothing is told until there is a choice. */
  #readAbout(body: JsonObject): void {
    if (this.#started) return
    const told = given({
      id: nonEmpty(body['id']),
      model: nonEmpty(body['model']),
      created: asNumber(body['created']),
      serviceTier: nonEmpty(body['service_tier']),
      fingerprint: nonEmpty(body['system_fingerprint']),
    })
    if (told.created === 0) delete told.created
    Object.assign(this.#about, told)
  }

  #start(): void {
    if (this.#started) return
    this.#started = true
    this.#emit({ type: 'start', ...this.#about })
  }

  #usage(body: JsonObject): void {
    const found = findUsage(body)
    const usage = found === undefined ? undefined : readUsage(found, nonEmpty(body['service_tier']))
    if (usage === undefined) return
    this.#start()
    this.#emit({ type: 'usage', usage })
  }

  #choice(body: JsonObject, position: number): void {
    const index = choiceIndex(body['index'], position)
    const choice = this.#open(index)
    const delta = asObject(body['delta']) ?? asObject(body['message'])
    if (delta !== undefined) this.#delta(delta, index, readLogprobs(body['logprobs']))
    // Legacy completions.
    if (typeof body['text'] === 'string') this.#parts.text(index, body['text'])
    const finish = nonEmpty(body['finish_reason'])
    if (finish !== undefined) choice.finish = finish
  }

  #open(index: number): Choice {
    const known = this.#choices.get(index)
    if (known !== undefined) return known
    const choice: Choice = {
      reasoning: new ReasoningDecoder(this.#parts, index),
      calls: new ToolCalls(this.#parts, index),
      finish: undefined,
    }
    this.#choices.set(index, choice)
    return choice
  }

  #delta(delta: JsonObject, index: number, logprobs: Json | undefined): void {
    const { reasoning, calls } = this.#open(index)
    reasoning.add(delta)
    decodeContent(delta['content'], index, this.#parts, logprobs)
    if (delta['audio'] !== undefined) this.#parts.text(index, audioTranscript(delta['audio']))
    const refusal = nonEmpty(delta['refusal'])
    if (refusal !== undefined) this.#emit({ type: 'refusal-delta', choice: index, text: refusal })
    for (const annotation of readAnnotations(delta['annotations']))
      this.#emit({ type: 'annotation', choice: index, annotation })
    for (const call of readCalls(delta)) calls.add(call, this.#about.id)
  }
}

function choiceIndex(value: unknown, position: number): number {
  const isSane = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < maxChoices
  return isSane ? value : position
}

/** `function_call` is the form before tool_calls. */
function readCalls(delta: JsonObject): JsonObject[] {
  const calls = (asArray(delta['tool_calls']) ?? []).filter(isObject)
  return isObject(delta['function_call']) ? [...calls, { index: 0, function: delta['function_call'] }] : calls
}

/** Spoken answers have no canonical form; what was said has. */
function audioTranscript(audio: Json | undefined): string {
  return asString(asObject(audio)?.['transcript']) ?? ''
}

function readLogprobs(value: Json | undefined): Json | undefined {
  const content = asArray(asObject(value)?.['content'])
  return content === undefined || content.length === 0 ? undefined : { content }
}

function nonEmpty(value: unknown): string | undefined {
  const text = asString(value)
  return text === '' ? undefined : text
}

const emptyAnswer: StreamError = {
  message: 'The provider answered with success but without content.',
  code: 'upstream_empty_response',
  status: 502,
  retryable: true,
}
