import { nativeEndpoint } from '../../../gateway/providers/choose-endpoints.ts'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { configSchema, type Config, type ConfigInput, type ProviderConfig } from '../../../gateway/config/schema.ts'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { findDialect } from '../../../gateway/dialects/index.ts'
import type { Dialect } from '../../../gateway/dialects/dialect.ts'
import { openCall } from '../../../gateway/http/open-call.ts'
import type { Attempt, Call, Caller, ReplyHead, Target } from '../../../gateway/pipeline/call.ts'
import type { Sink } from '../../../gateway/pipeline/sink.ts'
import { resolveProvider } from '../../../gateway/providers/provider.ts'
import type { Endpoint, Provider } from '../../../gateway/providers/types.ts'
import type {
  Flight,
  ResponseHandler,
  ResponseHeaders,
  Upstream,
  UpstreamRequest,
} from '../../../gateway/upstream/upstream.ts'

/** What the pipeline's tests put on stage: calls, targets, a sink and an upstream that do nothing by themselves. */

export function dialect(id: DialectId = 'openai-chat'): Dialect {
  return findDialect(id) as Dialect
}

export function config(input: ConfigInput = {}): Config {
  return configSchema.parse(input)
}

type ProviderInput = NonNullable<ConfigInput['providers']>[number]

/** OpenAI-compatible unless its type says otherwise, on an address where nothing is. */
export function provider(input: Partial<ProviderInput> = {}, order = 0): Provider {
  const given = { name: 'p', type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-secret-of-p', ...input }
  return resolveProvider(configSchema.parse({ providers: [given] }).providers[0] as ProviderConfig, order)
}

export function target(more: Partial<Target> = {}, of: Provider = provider()): Target {
  const spoken = more.dialect ?? dialect()
  const endpoint = nativeEndpoint(of, spoken.id) ?? (of.endpoints[0] as Endpoint)
  const made = { provider: of, model: 'm', endpoint, dialect: spoken, passThrough: true, substituted: false, ...more }
  return { key: `${made.provider.name}/${made.model}`, ...made }
}

export interface CallSettings {
  dialect?: Dialect
  headers?: Record<string, string>
  sink?: Sink
  signal?: AbortSignal
  startedMs?: number
}

export const hello: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

/** `body` as an object, or as the text that was sent. */
export function call(body: JsonObject | string = hello, settings: CallSettings = {}): Call {
  return openCall({
    id: 'c1',
    dialect: dialect(),
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    sink: new MemorySink(),
    signal: new AbortController().signal,
    startedAt: 1_000_000,
    startedMs: 0,
    ...settings,
  })
}

export const nobody: Caller = { name: 'anonymous', models: undefined, limits: [] }

export function anAttempt(more: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    target: target(),
    startedAt: 1_000_000,
    durationMs: 50,
    firstTokenMs: undefined,
    outcome: 'ok',
    status: 200,
    errorCode: undefined,
    usage: { input: 10, output: 5 },
    outputEstimate: 0,
    produced: true,
    ...more,
  }
}

/** Keeps what it is given; `full` makes it ask for a pause until `drain`. */
export class MemorySink implements Sink {
  heads: ReplyHead[] = []
  written: Uint8Array[] = []
  ended: Uint8Array[] = []
  full = false
  #resume: (() => void) | undefined

  get headSent(): boolean {
    return this.heads.length > 0
  }

  get text(): string {
    return Buffer.concat(this.written).toString('utf8')
  }

  get endText(): string {
    return Buffer.concat(this.ended).toString('utf8')
  }

  head(head: ReplyHead): void {
    this.heads.push(head)
  }

  write(bytes: Uint8Array): boolean {
    if (!this.headSent) throw new Error('bytes before the head')
    this.written.push(Uint8Array.from(bytes))
    return !this.full
  }

  onDrain(resume: () => void): void {
    this.#resume = resume
  }

  drain(): void {
    this.full = false
    this.#resume?.()
  }

  end(bytes: Uint8Array): void {
    this.ended.push(bytes)
  }
}

/** One request on its way: the test plays the provider. */
export class FakeFlight implements Flight {
  readonly request: UpstreamRequest
  readonly #handler: ResponseHandler
  paused = false
  aborted: Error | undefined
  over = false

  constructor(request: UpstreamRequest, handler: ResponseHandler) {
    this.request = request
    this.#handler = handler
  }

  get body(): JsonObject {
    return JSON.parse(
      Buffer.from(this.request.body instanceof Uint8Array ? this.request.body : []).toString('utf8'),
    ) as JsonObject
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  /** As undici does: the handler hears of it at once, unless all is over. */
  abort(reason: Error): void {
    if (this.over) return
    this.aborted = reason
    this.error(reason)
  }

  head(status = 200, headers: ResponseHeaders = {}): this {
    this.#handler.onHead(status, headers)
    return this
  }

  data(bytes: string | Buffer): this {
    if (!this.over) this.#handler.onData(Buffer.from(bytes))
    return this
  }

  end(): this {
    if (this.over) return this
    this.over = true
    this.#handler.onEnd()
    return this
  }

  error(error: Error): this {
    if (this.over) return this
    this.over = true
    this.#handler.onError(error)
    return this
  }

  json(body: unknown, status = 200, headers: ResponseHeaders = {}): this {
    return this.head(status, { 'content-type': 'application/json', ...headers })
      .data(JSON.stringify(body))
      .end()
  }

  /** Begins a stream. */
  stream(...events: (string | object)[]): this {
    return this.head(200, { 'content-type': 'text/event-stream' }).data(sse(...events))
  }
}

export class FakeUpstream implements Upstream {
  readonly flights: FakeFlight[] = []
  /** Plays for the requests in order; one that has none plays `otherwise`, or waits for the test. */
  readonly plays: ((flight: FakeFlight) => void)[] = []
  otherwise: ((flight: FakeFlight) => void) | undefined

  constructor(...plays: ((flight: FakeFlight) => void)[]) {
    this.plays = plays
  }

  send(request: UpstreamRequest, handler: ResponseHandler): Flight {
    const flight = new FakeFlight(request, handler)
    this.flights.push(flight)
    const play = this.plays.shift() ?? this.otherwise
    if (play !== undefined) queueMicrotask(() => play(flight))
    return flight
  }

  get last(): FakeFlight {
    const flight = this.flights.at(-1)
    if (flight === undefined) throw new Error('nothing was sent')
    return flight
  }

  async close(): Promise<void> {}
}

/** Lists models, and answers chat as it is asked: whole or as a stream. */
export function obliging(flight: FakeFlight): void {
  if (flight.request.method === 'GET') flight.json({ data: [{ id: 'listed' }] })
  else if (flight.request.path.endsWith('/embeddings'))
    flight.json({ object: 'list', data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 4, total_tokens: 4 } })
  else if (flight.body['stream'] !== true) flight.json(completion('Hello world!'))
  else flight.stream(chunk('Hello'), chunk(' world!'), chunk({}, 'stop'), usageChunk, '[DONE]').end()
}

export function sse(...events: (string | object)[]): string {
  return events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')
}

/** A chat chunk with text, or with the finish reason. */
export function chunk(delta: string | JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, delta: typeof delta === 'string' ? { content: delta } : delta, finish_reason: finish }],
    ...more,
  }
}

export const usageChunk: JsonObject = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'm',
  choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
}

export function completion(content = 'Hello!', more: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    ...more,
  }
}
