import type { ChatReply } from '../chat/collect.ts'
import type { StreamError } from '../chat/event.ts'
import { parseJson } from '../chat/json.ts'
import type { Usage } from '../chat/usage.ts'
import { SseReader } from '../dialects/sse.ts'
import type { GuardFinding } from '../stores/ledger.ts'

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
  /** What the provider said of its answer, where it passed by decoded. */
  about: { id?: string; model?: string } | undefined
  /** Why it ended, in the provider's words, where that passed by. */
  finishes: string[] | undefined
  /** What guards found in it. */
  guards?: GuardFinding[]
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
    about: undefined,
    finishes: undefined,
  }
}

/** A longer stream is not kept for the cache: its replay would hold up every other stream. UTF-16 units. */
export const keptLength = 512 * 1024

export const noBytes = new Uint8Array(0)

/** Images come inside events, books do not. */
export const eventLimit = 32 * 1024 * 1024

/** A translated stream is held in part (thoughts to be signed, calls that wait): a longer one is no answer. Bytes. */
export const translatedLimit = 128 * 1024 * 1024

export const tooLong: StreamError = {
  message: `The provider sent more than ${translatedLimit / 1024 / 1024} MB in one stream.`,
  type: 'upstream_error',
  code: 'upstream_invalid_response',
  status: 502,
  retryable: false,
}

export const endless: StreamError = {
  message: 'The provider sent an event without an end.',
  type: 'upstream_error',
  code: 'upstream_invalid_response',
  status: 502,
  retryable: false,
}

export const lineEnds = Buffer.from('\n\n')

/** Servers forget the last blank line; but a piece of an event, handed on, would spoil whatever follows it. */
export function isWholeEvent(rest: Buffer): boolean {
  let whole = true
  const reader = new SseReader((_name, data) => {
    whole = data.trim() === '[DONE]' || parseJson(data) !== undefined
  })
  reader.push(rest)
  reader.end()
  return whole
}

export const truncated: StreamError = {
  message: 'The provider ended the stream before the answer was complete.',
  type: 'upstream_error',
  code: 'stream_truncated',
  status: 502,
  retryable: true,
}
