import { Readable } from 'node:stream'
import { GatewayError } from '../../errors.ts'
import type { Call, Caller, Route, Target } from '../call.ts'
import type { ArrivingBody } from './arriving-body.ts'

/** OpenAI takes files of up to 512 MB (platform.openai.com/docs/api-reference/files/create); a form adds a little. */
export const uploadLimit = 520 * 1024 * 1024

/** A body that is handed on while it arrives. */
export interface Upload {
  readonly contentType: string
  /** Why it cannot be handed on to its end. */
  readonly problem: GatewayError | undefined
  /** As the form names it; undefined until it has, and where it does not. */
  readonly model: string | undefined
  /** As the provider is asked for it; undefined until the form has told, and where it does not. */
  readonly targetModel: string | undefined
  /** Reads on until the form has told its model, unless the way is known without. Throws GatewayError. */
  route(asking: UploadRouting): Promise<Route>
  /** Once. */
  body(target: Target): Readable
  /** Bytes that `body` gives, where that is known before. */
  length(target: Target): number | undefined
  /** Nothing more is handed on; what still comes is let pass. */
  close(): void
}

export interface UploadRouting {
  call: Call
  caller: Caller
  /** Who is asked for a model; undefined: for none. Throws GatewayError. */
  find: (model: string | undefined) => Route
  /** The one provider that can be meant whatever the model is; undefined: it takes the model to know. */
  known: Target | undefined
}

/** A body that nobody looks into: a file for a provider that is known. */
export class PlainUpload implements Upload {
  readonly contentType: string
  readonly model = undefined
  readonly targetModel = undefined
  readonly #source: ArrivingBody
  readonly #length: number | undefined
  #problem: GatewayError | undefined
  #stream: Readable | undefined

  /** `length`: as the client announced it. */
  constructor(source: ArrivingBody, { contentType, length }: { contentType: string; length: number | undefined }) {
    this.#source = source
    this.contentType = contentType
    this.#length = length
  }

  get problem(): GatewayError | undefined {
    return this.#problem
  }

  async route({ find }: UploadRouting): Promise<Route> {
    return find(undefined)
  }

  length(): number | undefined {
    return this.#length
  }

  body(): Readable {
    const chunks = noting(readAll(this.#source), (problem) => (this.#problem = problem))
    return (this.#stream = Readable.from(chunks, { objectMode: false }))
  }

  close(): void {
    this.#stream?.destroy()
    this.#source.discard()
  }
}

async function* readAll(source: ArrivingBody): AsyncGenerator<Buffer> {
  for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) yield chunk
}

/** The network tells only that a body broke off; why it did is noted here. */
export async function* noting(
  chunks: AsyncGenerator<Buffer>,
  note: (problem: GatewayError) => void,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    if (error instanceof GatewayError) note(error)
    throw error
  }
}
