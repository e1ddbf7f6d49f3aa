import type { ReplyHead } from './call.ts'

/** Where an answer goes: an HTTP response, or memory in tests. Bytes are pushed; `false` asks for a pause. */
export interface Sink {
  /** Once, before any bytes. */
  head(head: ReplyHead): void
  /** false = full: wait for `onDrain` before writing more. */
  write(bytes: Uint8Array): boolean
  onDrain(resume: () => void): void
  end(bytes: Uint8Array): void
  readonly headSent: boolean
}
