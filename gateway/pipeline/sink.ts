import type { ReplyHead } from './call.ts'

/** Where an answer goes: an HTTP response, or memory in tests. Bytes are pushed; `false` asks for a pause. */
export interface Sink {
  /** Once, before any bytes, which follow at once. The head is the sink's from now on: it may add to it. */
  head(head: ReplyHead): void
  /** false = full: wait for `onDrain` before writing more. */
  write(bytes: Uint8Array): boolean
  onDrain(resume: () => void): void
  end(bytes: Uint8Array): void
  readonly headSent: boolean
}
