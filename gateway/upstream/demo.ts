import type { Flight, ResponseHandler, UpstreamRequest } from './upstream.ts'

const streamDelayMs = 12
const embeddingLength = 64

/**
 * The built-in demo provider: answers in process, in OpenAI's wire format, so that the first request works without a
 * key. It says what it is in every answer and reports usage, so the whole pipeline is the real one.
 */
export function sendDemo(request: UpstreamRequest, handler: ResponseHandler): Flight {
  const flight = new DemoFlight(handler)
  // Answers come a turn later, as from a socket: the caller has its flight by then.
  setImmediate(() => {
    try {
      flight.answer(request)
    } catch (error) {
      flight.abort(error instanceof Error ? error : new Error(String(error)))
    }
  })
  return flight
}

class DemoFlight implements Flight {
  readonly #handler: ResponseHandler
  #queue: string[] = []
  #timer: NodeJS.Timeout | undefined
  #paused = false
  #done = false

  constructor(handler: ResponseHandler) {
    this.#handler = handler
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused || this.#done) return
    this.#paused = false
    this.#schedule()
  }

  abort(reason: Error): void {
    if (this.#done) return
    this.#done = true
    clearTimeout(this.#timer)
    this.#handler.onError(reason)
  }

  answer(request: UpstreamRequest): void {
    if (this.#done) return
    const body = readBody(request)
    if (request.method === 'GET') return this.#whole({ object: 'list', data: [modelCard('demo')] })
    if (request.path.endsWith('/embeddings')) return this.#whole(embeddings(body))
    if (body['stream'] !== true) return this.#whole(completion(body))
    this.#handler.onHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    this.#queue = [...streamEvents(body)]
    this.#schedule()
  }

  #whole(json: unknown): void {
    this.#handler.onHead(200, { 'content-type': 'application/json' })
    this.#handler.onData(Buffer.from(JSON.stringify(json)))
    this.#finish()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#next(), streamDelayMs)
  }

  #next(): void {
    if (this.#done || this.#paused) return
    const event = this.#queue.shift()
    if (event === undefined) return this.#finish()
    this.#handler.onData(Buffer.from(`data: ${event}\n\n`))
    this.#schedule()
  }

  #finish(): void {
    if (this.#done) return
    this.#done = true
    this.#handler.onEnd()
  }
}

type Body = Record<string, unknown>

function readBody(request: UpstreamRequest): Body {
  try {
    return JSON.parse(Buffer.from(request.body instanceof Uint8Array ? request.body : []).toString('utf8')) as Body
  } catch {
    return {}
  }
}

function modelCard(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'llm-gateway' }
}

function answerText(body: Body): string {
  const asked = lastUserText(body['messages'])
  const heard = asked === '' ? '' : ` You said: "${asked.length > 200 ? `${asked.slice(0, 200)}…` : asked}".`
  return `This is the built-in demo provider of LLM Gateway; no model was called and nothing was spent.${heard} Add a provider to gateway.yaml and send the same request again for a real answer.`
}

function lastUserText(messages: unknown): string {
  if (!Array.isArray(messages)) return ''
  const last = messages.findLast((message: Body) => message?.['role'] === 'user') as Body | undefined
  const content = last?.['content']
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: Body) => (typeof part?.['text'] === 'string' ? part['text'] : '')).join('')
}

/** Four characters to a token: good enough for a provider that counts nothing else. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}

function usage(body: Body, text: string): object {
  const prompt = tokens(JSON.stringify(body['messages'] ?? body['input'] ?? ''))
  const completion = tokens(text)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function about(body: Body): { id: string; created: number; model: string } {
  const model = typeof body['model'] === 'string' ? body['model'] : 'demo'
  return { id: `chatcmpl-demo-${crypto.randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
}

function completion(body: Body): object {
  const content = answerText(body)
  const message = { role: 'assistant', content, refusal: null }
  return {
    ...about(body),
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: usage(body, content),
  }
}

function* streamEvents(body: Body): Generator<string> {
  const text = answerText(body)
  const head = { ...about(body), object: 'chat.completion.chunk' }
  const chunk = (delta: object, finish: string | null): string =>
    JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })
  yield chunk({ role: 'assistant', content: '' }, null)
  for (const word of text.match(/\S+\s*/g) ?? []) yield chunk({ content: word }, null)
  yield chunk({}, 'stop')
  yield JSON.stringify({ ...head, choices: [], usage: usage(body, text) })
  yield '[DONE]'
}

function embeddings(body: Body): object {
  const input = body['input']
  const inputs = Array.isArray(input) && typeof input[0] !== 'number' ? input : [input]
  const base64 = body['encoding_format'] === 'base64'
  const data = inputs.map((text: unknown, index: number) => {
    const vector = embed(typeof text === 'string' ? text : JSON.stringify(text ?? ''))
    const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  const prompt = tokens(JSON.stringify(input ?? ''))
  const model = about(body).model
  return { object: 'list', data, model, usage: { prompt_tokens: prompt, total_tokens: prompt } }
}

/** Hashes letter triples into a unit vector: like texts lie near each other, which is all a demo needs. */
function embed(text: string): Float32Array {
  const vector = new Float32Array(embeddingLength)
  for (let at = 0; at < Math.max(1, text.length - 2); at += 1) {
    let hash = 2_166_136_261
    for (const char of text.slice(at, at + 3)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619)
    const slot = (hash >>> 0) % embeddingLength
    vector[slot] = (vector[slot] ?? 0) + 1
  }
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}
