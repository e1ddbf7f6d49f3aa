import type { JsonObject } from '../../gateway/chat/json.ts'

/** What a scripted model says, free of any dialect: the truth that every client must read out of it. */
export interface ScriptedAnswer {
  /** Thinking, signed in the way of the dialect that is spoken (`Issued`). */
  thinking?: string
  text?: string
  calls?: ScriptedCall[]
  finish?: ScriptedFinish
  /** The stop sequence that ended the answer. */
  stopSequence?: string
  usage?: ScriptedUsage
}

export interface ScriptedCall {
  name: string
  arguments: JsonObject
}

export type ScriptedFinish = 'stop' | 'length' | 'tool-calls'

/** Totals and subsets of them: `cacheRead` of `input`, `reasoning` of `output`. */
export interface ScriptedUsage {
  input: number
  output: number
  cacheRead?: number
  reasoning?: number
}

/** What the upstream does with one request that its dialect's rules let pass. */
export type ScriptedAct =
  | { kind: 'answer'; answer: ScriptedAnswer }
  /** An error answer in the dialect's own words. */
  | { kind: 'error'; status: number; message: string; retryAfterSeconds?: number }
  /** Status 200, some of the answer, then an error event. */
  | { kind: 'breaks'; answer: ScriptedAnswer; message: string }
  /** Nothing, or the beginning of a stream, and then silence until the client hangs up. */
  | { kind: 'hangs'; answer?: ScriptedAnswer }

/** A request as its dialect's strict reader understood it. */
export interface SeenRequest {
  stream: boolean
  system: string
  /** Neighbours of one role are one turn. */
  turns: SeenTurn[]
  tools: { name: string; parameters: JsonObject | undefined }[]
  /** `auto` also where nothing is said; a forced function by its name. */
  choice: string
  /** Of a structured output. */
  schema: JsonObject | undefined
  stop: string[]
  maxTokens: number | undefined
  /** Whether the model is to think (or to think in a given way). */
  thinks: boolean
}

export interface SeenTurn {
  role: 'user' | 'assistant' | 'tool'
  text: string
  /** base64 */
  images: string[]
  /** base64 of PDFs */
  files: string[]
  calls: ScriptedCall[]
  /** `call` is the name of the function that was called. */
  results: { call: string; text: string }[]
  /** Signatures, encrypted thinking and thought signatures that came back, each byte-exact as issued. */
  signatures: string[]
}

export function emptyTurn(role: SeenTurn['role']): SeenTurn {
  return { role, text: '', images: [], files: [], calls: [], results: [], signatures: [] }
}

/** Puts what one message holds to the turn before it, where that is of the same role. */
export function addTurn(turns: SeenTurn[], turn: SeenTurn): void {
  const last = turns.at(-1)
  if (last?.role !== turn.role) return void turns.push(turn)
  last.text += turn.text
  last.images.push(...turn.images)
  last.files.push(...turn.files)
  last.calls.push(...turn.calls)
  last.results.push(...turn.results)
  last.signatures.push(...turn.signatures)
}

export const usualUsage: ScriptedUsage = { input: 40, output: 12 }

export function finishOf({ finish, calls = [] }: ScriptedAnswer): ScriptedFinish {
  return finish ?? (calls.length > 0 ? 'tool-calls' : 'stop')
}
