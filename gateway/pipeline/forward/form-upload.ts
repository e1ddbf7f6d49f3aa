import { Readable } from 'node:stream'
import { GatewayError } from '../../errors.ts'
import { upstreamModel } from '../../providers/provider.ts'
import type { Route, Target } from '../call.ts'
import type { ArrivingBody } from './arriving-body.ts'
import { HeldBytes } from './held-bytes.ts'
import { MultipartScanner, type Piece } from './multipart-scanner.ts'
import { formContentType } from './part-head.ts'
import { noting, type Upload, type UploadRouting } from './upload.ts'

/** So far is looked ahead in any case: mostly the model stands there, and the length of what goes out is known. Bytes. */
const lookAhead = 64 * 1024
/** So much waits in memory for the model; more of it goes to the disk. Bytes. */
const heldInMemory = 1024 * 1024

export interface FormInput {
  boundary: string
  /** As the client announced it. */
  length: number | undefined
  isModelRequired: boolean
}

/**
 * A form whose `model` decides who gets it, and may be another one for the provider: all other bytes go on as they came.
 * The field may stand behind the file. Then the file waits on disk; or, where the provider is known without it, is on
 * its way already, and the request is broken off if the model turns out not to be allowed.
 */
export class FormUpload implements Upload {
  readonly contentType: string
  readonly #source: ArrivingBody
  readonly #input: FormInput
  readonly #scanner: MultipartScanner
  /** Before the model. */
  readonly #held = new HeldBytes(heldInMemory)
  /** Behind it, of the same chunk. */
  #behind: Piece[] = []
  #model: string | undefined
  #modelBytes = 0
  #targetModel: string | undefined
  #isOver = false
  #problem: GatewayError | undefined
  #stream: Readable | undefined
  /** Where the body goes before its model is known: what that leads to. */
  #late: ((model: string) => string) | undefined

  constructor(source: ArrivingBody, input: FormInput) {
    this.#source = source
    this.#input = input
    this.#scanner = new MultipartScanner(input.boundary, 'model')
    this.contentType = formContentType(input.boundary)
  }

  get problem(): GatewayError | undefined {
    return this.#problem
  }

  get model(): string | undefined {
    return this.#model
  }

  get targetModel(): string | undefined {
    return this.#targetModel
  }

  async route({ find, known }: UploadRouting): Promise<Route> {
    await this.#lookFor(() => known !== undefined && this.#held.length >= lookAhead)
    if (this.#model !== undefined) return find(this.#model)
    if (this.#isOver) return find(this.#withoutModel())
    const route: Route = { alias: undefined, targets: known === undefined ? [] : [known] }
    this.#late = (model) => {
      const found = find(model)
      const target = found.targets.find(({ provider }) => provider.name === known?.provider.name)
      if (target === undefined) throw elsewhere(model, found)
      route.alias = found.alias
      return upstreamModel(target.provider, target.model)
    }
    return route
  }

  length(target: Target): number | undefined {
    const { length } = this.#input
    if (length === undefined || this.#late !== undefined) return undefined
    return this.#model === undefined ? length : length - this.#modelBytes + Buffer.byteLength(this.#renamed(target))
  }

  body(target: Target): Readable {
    const chunks = noting(this.#chunks(target), (problem) => (this.#problem = problem))
    return (this.#stream = Readable.from(chunks, { objectMode: false }))
  }

  close(): void {
    this.#stream?.destroy()
    this.#held.close()
    this.#behind = []
    this.#source.discard()
  }

  /** Reads until the model is there, or the form is over, or `enough` is held. */
  async #lookFor(enough: () => boolean): Promise<void> {
    while (this.#model === undefined && !this.#isOver && !enough()) {
      const pieces = await this.#next()
      for (const [index, piece] of pieces.entries()) {
        if ('value' in piece) {
          this.#take(piece)
          this.#behind = pieces.slice(index + 1)
          return
        }
        await this.#held.add(piece.raw)
      }
    }
  }

  async #next(): Promise<Piece[]> {
    const chunk = await this.#source.read()
    if (chunk !== undefined) return this.#scanner.push(chunk)
    this.#scanner.end()
    this.#isOver = true
    return []
  }

  #take({ value, raw }: Extract<Piece, { value: string }>): void {
    if (value === '' || value.length > longestName)
      throw new GatewayError('invalid_request', `"model" must be a text of 1 to ${longestName} characters.`, {
        param: 'model',
      })
    this.#model = value
    this.#modelBytes = raw.length
  }

  #withoutModel(): undefined {
    if (this.#input.isModelRequired)
      throw new GatewayError('invalid_request', 'The request names no model: add the field "model".', {
        param: 'model',
      })
  }

  #renamed(target: Target): string {
    return (this.#targetModel ??= upstreamModel(target.provider, target.model))
  }

  async *#chunks(target: Target): AsyncGenerator<Buffer> {
    yield* this.#held.read()
    if (this.#model !== undefined) yield Buffer.from(this.#renamed(target))
    for (const piece of this.#behind.splice(0)) yield piece.raw
    while (!this.#isOver) {
      for (const piece of await this.#next()) yield 'value' in piece ? this.#rename(piece) : piece.raw
    }
    if (this.#model === undefined) this.#withoutModel()
  }

  /** The field came after the form had set out. */
  #rename(piece: Extract<Piece, { value: string }>): Buffer {
    this.#take(piece)
    this.#targetModel = this.#late?.(piece.value) ?? piece.value
    return Buffer.from(this.#targetModel)
  }
}

const longestName = 1000

function elsewhere(model: string, { targets }: Route): GatewayError {
  const other = targets[0]?.provider.name ?? 'another provider'
  const text = `The model "${model}" leads to "${other}", but the form is on its way to the provider that was named. Put the field "model" before the file.`
  return new GatewayError('invalid_request', text, { param: 'model' })
}
