import type { JsonObject } from '../../../chat/json.ts'

/** Takes one event of the stream: its `type` and its members but for `sequence_number`. */
export type Send = (type: string, members: JsonObject) => void

/** Where an output item stands and what it is called. */
export interface Place {
  index: number
  id: string
}

/** One item of the answer, told as it grows. `item` is what it has come to. */
export interface OutputItem {
  readonly item: JsonObject
  /** A second close does nothing. `isComplete`: false where the answer was cut off inside it. */
  close(isComplete: boolean): void
}

export function statusWord(isComplete: boolean): 'completed' | 'incomplete' {
  return isComplete ? 'completed' : 'incomplete'
}
