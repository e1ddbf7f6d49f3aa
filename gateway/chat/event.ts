import type { FinishReason } from './finish.ts'
import type { Json } from './json.ts'
import type { Usage } from './usage.ts'

/**
 * The canonical answer, as a stream of events. A whole answer is the same events, collected.
 * Order: start, then blocks (each opened, extended, closed; one kind never interleaves with itself within a choice
 * except parallel tool calls), usage any time, one finish per choice, nothing after that but usage.
 * `block` numbers blocks in order of opening over all choices, from 0.
 */
export type ChatEvent =
  | { type: 'start'; id?: string; model?: string; created?: number; serviceTier?: string; fingerprint?: string }
  | { type: 'text-start'; block: number; choice: number }
  | { type: 'text-delta'; block: number; choice: number; text: string; logprobs?: Json }
  | { type: 'text-end'; block: number; choice: number }
  | { type: 'reasoning-start'; block: number; choice: number }
  | { type: 'reasoning-delta'; block: number; choice: number; text: string }
  | { type: 'reasoning-end'; block: number; choice: number; signature?: string; redacted?: string }
  /** `signature`: where the provider tells it with the start; it is told again with the end, where it always is. */
  | { type: 'tool-start'; block: number; choice: number; id: string; name: string; signature?: string }
  | { type: 'tool-delta'; block: number; choice: number; arguments: string }
  | { type: 'tool-end'; block: number; choice: number; signature?: string }
  | { type: 'refusal-delta'; choice: number; text: string }
  | { type: 'annotation'; choice: number; annotation: Annotation }
  /** The provider works at something without canonical form (a tool of its own): nothing to show, but not nothing. */
  | { type: 'activity' }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; choice: number; reason: FinishReason; refusal?: string }
  | { type: 'error'; error: StreamError }

/** A source the model cites. Offsets are in characters of the choice's text, where the provider tells them. */
export interface Annotation {
  url: string
  title?: string
  start?: number
  end?: number
}

/** What a provider said went wrong, inside a stream or a body. `retryable` is decided where the provider's words are known. */
export interface StreamError {
  message: string
  type?: string
  code?: string
  /** The HTTP status this error has (or would have had, inside a 200). */
  status: number
  retryable: boolean
}

export type Emit = (event: ChatEvent) => void

/** Whether the event carries something the model produced: the commit point of a stream. */
export function isContent(event: ChatEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
      return event.text !== ''
    case 'tool-start':
    case 'tool-delta':
    case 'annotation':
    case 'activity':
      return true
    case 'reasoning-end':
      return event.redacted !== undefined
    case 'finish':
      return event.reason.unified === 'content-filter' || event.reason.unified === 'length'
    default:
      return false
  }
}
