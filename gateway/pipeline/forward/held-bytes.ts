import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GatewayError } from '../../errors.ts'

const pieceBytes = 64 * 1024

/** Bytes put aside: so many in memory, the rest in a file that nobody else can open and that is gone with the process. */
export class HeldBytes {
  readonly #inMemory: number
  readonly #folder: string
  #chunks: Buffer[] = []
  #length = 0
  #file: FileHandle | undefined
  #fileLength = 0
  #closed = false

  constructor(inMemory: number, folder = tmpdir()) {
    this.#inMemory = inMemory
    this.#folder = folder
  }

  get length(): number {
    return this.#length
  }

  /** Resolves when it is written. Throws GatewayError where the disk is full. */
  async add(bytes: Buffer): Promise<void> {
    this.#length += bytes.length
    if (this.#file === undefined && this.#length <= this.#inMemory) return void this.#chunks.push(bytes)
    try {
      const file = (this.#file ??= await openHidden(this.#folder))
      const waiting = [...this.#chunks.splice(0), bytes]
      for (const each of waiting) {
        await file.appendFile(each)
        this.#fileLength += each.length
      }
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? 'unknown'
      throw new GatewayError('internal_error', `The upload could not be put aside on disk (${why}).`, { cause: error })
    }
    if (this.#closed) this.close()
  }

  /** All of it, once, in order. */
  async *read(): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.#fileLength;) {
      const { bytesRead, buffer } = (await this.#file?.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, at)) ?? {}
      if (buffer === undefined || bytesRead === undefined || bytesRead === 0) break
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    yield* this.#chunks.splice(0)
  }

  /** Gives memory and disk back; more than once is fine. */
  close(): void {
    this.#closed = true
    this.#chunks = []
    const file = this.#file
    this.#file = undefined
    file?.close().catch(() => undefined)
  }
}

/** Its name is gone at once: the file ends with its handle, however the process ends. */
async function openHidden(folder: string): Promise<FileHandle> {
  const path = join(folder, `llm-gateway-upload-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
