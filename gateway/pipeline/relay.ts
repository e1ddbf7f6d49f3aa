import type { ChatReply } from '../chat/collect.ts'
import type { StreamError } from '../chat/event.ts'
import type { Usage } from '../chat/usage.ts'

/**
 * Takes the provider's bytes and gives the client's: handed through or translated, as a stream or whole.
 * It writes through `RelayOutput` and notes what it saw in `seen`; when to commit, retry or give up is not its business.
 */
export interface Relay {
  readonly seen: Seen
  push(chunk: Buffer): void
  /** The provider closed the answer. Returns the last bytes for the client, which leave after the ledger has the call. */
  end(): Uint8Array
}

export interface RelayOutput {
  write(bytes: Uint8Array): void
}

/** What the bytes that passed by said. */
export interface Seen {
  /** The model has produced something: the commit point. */
  content: boolean
  /** The provider said that the answer is complete. */
  finished: boolean
  usage: Usage | undefined
  error: StreamError | undefined
  /** Rough count of tokens produced, for answers whose usage is never reported. */
  outputEstimate: number
  /** The whole answer, where it was collected (for the cache). */
  reply: ChatReply | undefined
  /** The whole answer in the client's dialect, where the relay holds it anyway. */
  whole: Uint8Array | undefined
}

export function nothingSeen(): Seen {
  return {
    content: false,
    finished: false,
    usage: undefined,
    error: undefined,
    outputEstimate: 0,
    reply: undefined,
    whole: undefined,
  }
}

/** A longer stream is not kept for the cache: its replay would hold up every other stream. UTF-16 units. */
export const keptLength = 512 * 1024

export const noBytes = new Uint8Array(0)
