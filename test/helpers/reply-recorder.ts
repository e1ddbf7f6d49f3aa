import {
  assertChatStream,
  chatCompletionShape,
  embeddingsShape,
  errorShape,
  modelsShape,
  textCompletionShape,
} from '../conformance/openai-shapes.ts'

/** What the gateway answered, byte for byte, whatever a client library makes of it. */
export interface RecordedReply {
  method: string
  path: string
  status: number
  headers: Headers
  /** Undefined when the client hung up before the end. */
  text: string | undefined
}

/** A `fetch` for client libraries that keeps every reply and holds each against OpenAI's published shapes. */
export class ReplyRecorder {
  #replies: Promise<RecordedReply>[] = []

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init)
    const { url, method } =
      typeof input === 'object' && 'url' in input ? input : { url: String(input), method: undefined }
    const about = { method: init?.method ?? method ?? 'GET', path: new URL(url).pathname }
    const { status, headers } = response
    // A copy of the body; it fails together with the original when the client hangs up.
    const copy = response.clone().text()
    const text = copy.catch(() => undefined)
    this.#replies.push(text.then((body) => ({ ...about, status, headers, text: body })))
    return response
  }

  /** All replies since the last call, in order; throws on the first that breaks its shape. */
  async takeValid(): Promise<RecordedReply[]> {
    const replies = await Promise.all(this.#replies.splice(0))
    for (const reply of replies) assertShape(reply)
    return replies
  }
}

const wholeShapes: [string, { parse(value: unknown): unknown }][] = [
  ['/chat/completions', chatCompletionShape],
  ['/completions', textCompletionShape],
  ['/embeddings', embeddingsShape],
  ['/models', modelsShape],
]

function assertShape({ path, status, headers, text }: RecordedReply): void {
  if (text === undefined) return
  if (status >= 400) return void errorShape.parse(JSON.parse(text))
  if (headers.get('content-type')?.startsWith('text/event-stream') === true) return assertStream(path, text)
  const shape = wholeShapes.find(([suffix]) => path.endsWith(suffix))?.[1]
  if (shape !== undefined) shape.parse(JSON.parse(text))
}

function assertStream(path: string, text: string): void {
  if (path.endsWith('/chat/completions')) return void assertChatStream(text)
  const events = text.split('\n\n').filter((event) => event !== '')
  if (events.pop() !== 'data: [DONE]') throw new Error(`the stream of ${path} does not end with [DONE]`)
  for (const event of events) textCompletionShape.parse(JSON.parse(event.replace(/^data: /, '')))
}
