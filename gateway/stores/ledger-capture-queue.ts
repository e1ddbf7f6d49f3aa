import type { CaptureLine } from './ledger-message.ts'

/** Characters on their way to the database: beyond that captures are given up, because nobody may wait for them. */
const roomForCaptures = 32 * 1024 * 1024

/** Captures between the call and the thread. */
export class CaptureQueue {
  readonly #warn: (message: string) => void
  #lines: CaptureLine[] = []
  /** Characters of each order that was sent and of the lines that were not. */
  readonly #sent: number[] = []
  #size = 0
  #hasWarned = false

  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  add(line: CaptureLine): void {
    if (this.#size + line.json.length > roomForCaptures) return this.#problem('they come faster than they are written')
    this.#lines.push(line)
    this.#size += line.json.length
  }

  /** What is to be sent now. */
  take(): CaptureLine[] {
    const lines = this.#lines
    this.#lines = []
    if (lines.length > 0) this.#sent.push(lines.reduce((sum, { json }) => sum + json.length, 0))
    return lines
  }

  /** The oldest that was sent has been written, or not. */
  settled(problem: string | undefined): void {
    this.#size -= this.#sent.shift() ?? 0
    if (problem === undefined) this.#hasWarned = false
    else this.#problem(problem)
  }

  /** Once until it works again. */
  #problem(reason: string): void {
    if (!this.#hasWarned) this.#warn(`headers and bodies of some calls are not kept: ${reason}`)
    this.#hasWarned = true
  }
}
