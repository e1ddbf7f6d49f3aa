import type { Readable } from 'node:stream'
import { GatewayError } from '../../errors.ts'

interface ArrivingLimits {
  /** Bytes. */
  limit: number
  /** Longest silence while more is waited for, milliseconds. */
  idleMs: number
  /** Of the call: its time is over, or the gateway is stopping. */
  signal: AbortSignal
}

/** A request body that is taken piece by piece, no faster than it is asked for. */
export class ArrivingBody {
  readonly #source: Readable
  readonly #limits: ArrivingLimits
  readonly #ready: Buffer[] = []
  #wake: (() => void) | undefined
  #ended = false
  #discards = false
  #problem: GatewayError | undefined
  #received = 0

  constructor(source: Readable, limits: ArrivingLimits) {
    this.#source = source
    this.#limits = limits
    source.pause()
    source.on('data', this.#onData)
    source.once('end', () => this.#stop(undefined))
    source.on('error', () => this.#stop(gone()))
    source.once('close', () => this.#stop(gone()))
    const { signal } = limits
    const abort = (): void => this.#stop(signal.reason instanceof GatewayError ? signal.reason : gone())
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }

  /** undefined at the end. Throws GatewayError: too large, too slow, gone. */
  async read(): Promise<Buffer | undefined> {
    if (this.#ready.length === 0 && !this.#ended) await this.#wait()
    const chunk = this.#ready.shift()
    if (chunk !== undefined) return chunk
    if (this.#problem !== undefined) throw this.#problem
    return undefined
  }

  /** What is still to come is let pass, so that the client gets to read the answer. */
  discard(): void {
    this.#discards = true
    this.#ready.length = 0
    this.#stop(undefined)
    this.#source.resume()
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#stop(tooSlow(this.#limits.idleMs)), this.#limits.idleMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#source.resume()
    })
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#discards) return
    this.#source.pause()
    this.#received += chunk.length
    if (this.#received > this.#limits.limit) return this.#stop(tooLarge(this.#limits.limit))
    this.#ready.push(chunk)
    this.#wakeUp()
  }

  #stop(problem: GatewayError | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#problem = problem
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}

export function tooLarge(limit: number): GatewayError {
  return new GatewayError('body_too_large', `The upload is larger than ${Math.floor(limit / 1024 / 1024)} MB.`)
}

function tooSlow(ms: number): GatewayError {
  return new GatewayError(
    'request_timeout',
    `The rest of the upload did not arrive within ${ms / 1000} s (server.readTimeout).`,
  )
}

function gone(): GatewayError {
  return new GatewayError('client_closed_request', 'The client closed the connection.')
}
