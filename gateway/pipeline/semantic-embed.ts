import type { SemanticCacheConfig } from '../config/semantic-cache.ts'
import { given } from '../chat/given.ts'
import { asArray, asObject, parseJson, type JsonObject } from '../chat/json.ts'
import { GatewayError } from '../errors.ts'
import { unitVector } from '../semantic/vector.ts'
import type { Call, Caller, ReplyHead } from './call.ts'
import { handle, type Stages } from './handle.ts'
import type { EmbeddingHealth } from './semantic-health.ts'
import type { Sink } from './sink.ts'

/** Text -> what it means, as a vector of length 1; undefined where there is none in time. Never rejects. */
export type Embed = (call: Pick<Call, 'signal'>, caller: Caller, text: string) => Promise<Float32Array | undefined>

export interface EmbedPorts {
  /** The stages of the same configuration: what is asked here is limited, paid for and accounted for like any call. */
  stages: () => Stages
  /** Opens a call of the gateway's own, through whatever calls go through before the stages. */
  open: (input: { body: Buffer; sink: Sink; signal: AbortSignal }) => Call
  /** Keeps in mind how it goes, across configurations. */
  health: EmbeddingHealth
}

/** Under which its calls are counted. */
export const semanticFeature = 'semantic-cache'

/** No vector is longer: OpenAI's largest has 3,072 numbers. */
const mostNumbers = 8192

/** Asks by way of the gateway itself, for the one who asked the question. */
export function createEmbed({ embedding, timeout }: SemanticCacheConfig, ports: EmbedPorts): Embed {
  return async (call, caller, text) => {
    if (!ports.health.mayAsk()) return undefined
    const { signal, end } = limited(call.signal, timeout)
    const answered = await Promise.race([
      ask({ embedding, text, signal }, caller, ports).catch(() => undefined),
      aborted(signal),
    ])
    const isGone = call.signal.aborted
    end()
    if (isGone) return undefined
    const vector = answered?.vector
    // What the gateway itself refuses to one caller says nothing of the provider, which the others go on asking.
    if (answered?.isRefused === true) return undefined
    if (vector === undefined) ports.health.failed(answered?.problem ?? `gave no answer within ${timeout} ms`)
    else ports.health.worked()
    return vector
  }
}

interface Asking {
  embedding: SemanticCacheConfig['embedding']
  text: string
  signal: AbortSignal
}

interface Embedded {
  vector?: Float32Array
  problem?: string
  /** The caller may not ask now: its own limit is reached. */
  isRefused?: boolean
}

async function ask({ embedding, text, signal }: Asking, caller: Caller, ports: EmbedPorts): Promise<Embedded> {
  const sink = new KeepingSink()
  const call = ports.open({ body: Buffer.from(JSON.stringify(embeddingBody(embedding, text))), sink, signal })
  const stages = ports.stages()
  // It may ask for this model whatever its key allows, and was let in once already: its tokens count, not one more call.
  const limits = caller.limits.filter(({ unit }) => unit === 'tokens')
  await handle(call, { ...stages, authenticate: () => ({ ...caller, models: undefined, limits }) })
  const body = asObject(parseJson(sink.text))
  if (sink.status === 429 && !sink.isAsked) return { isRefused: true }
  if (sink.status !== 200) return { problem: problemOf(body) ?? `answered with status ${sink.status}` }
  const vector = vectorOf(body)
  return vector === undefined ? { problem: 'answered with something that is no embedding' } : { vector }
}

/** No fallback: vectors of different models cannot be compared. */
export function embeddingBody(
  { provider, model, dimensions }: SemanticCacheConfig['embedding'],
  text: string,
): JsonObject {
  return {
    model,
    input: text,
    encoding_format: 'float',
    ...given({ dimensions }),
    'x-gateway': { provider, fallback: false, metadata: { feature: semanticFeature } },
  }
}

function vectorOf(body: JsonObject | undefined): Float32Array | undefined {
  const numbers = asArray(asObject(asArray(body?.['data'])?.[0])?.['embedding'])
  if (numbers === undefined || numbers.length === 0 || numbers.length > mostNumbers) return undefined
  return numbers.every((number) => typeof number === 'number') ? unitVector(numbers) : undefined
}

function problemOf(body: JsonObject | undefined): string | undefined {
  const message = asObject(body?.['error'])?.['message']
  return typeof message === 'string' ? message.slice(0, 300) : undefined
}

/** Aborted with the call, or when its own time is over. */
function limited(outer: AbortSignal, timeoutMs: number): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(new GatewayError('upstream_timeout', `No embedding within ${timeoutMs} ms.`))
  }, timeoutMs)
  const onAbort = (): void => controller.abort(outer.reason)
  if (outer.aborted) onAbort()
  outer.addEventListener('abort', onAbort)
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      outer.removeEventListener('abort', onAbort)
    },
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

/** An embedding of 8,192 numbers as text is some 180 KB. */
const keptBytes = 1024 * 1024

/** Keeps what comes, as far as it can be an embedding. */
class KeepingSink implements Sink {
  status = 0
  headSent = false
  /** A provider was asked. */
  isAsked = false
  readonly #pieces: Uint8Array[] = []
  #bytes = 0

  get text(): string {
    return Buffer.concat(this.#pieces).toString('utf8')
  }

  head({ status, headers }: ReplyHead): void {
    this.isAsked = headers['x-gateway-provider'] !== undefined
    this.headSent = true
    this.status = status
  }

  write(bytes: Uint8Array): boolean {
    this.#bytes += bytes.byteLength
    if (this.#bytes <= keptBytes) this.#pieces.push(Uint8Array.from(bytes))
    return true
  }

  onDrain(): void {}

  end(bytes: Uint8Array): void {
    this.write(bytes)
  }
}
