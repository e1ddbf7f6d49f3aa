import type { Json } from '../../gateway/chat/json.ts'
import type { Exchange } from './upstream-exchange.ts'

/** What a model "says", free of any dialect; the path of the request decides how it is written. */
export interface Answer {
  text?: string
  reasoning?: string
  toolCalls?: ToolCall[]
  refusal?: string
  /** `text` is JSON that was asked for; a dialect without JSON output may want it as a forced tool call. */
  isJson?: boolean
  usage?: AnswerUsage
  /** The provider tells no usage at all. */
  noUsage?: boolean
  finish?: Finish
  /** The dialect's own word, whatever `finish` says. */
  rawFinish?: string
}

export type Finish = 'stop' | 'length' | 'tool-calls' | 'content-filter'

export interface ToolCall {
  id: string
  name: string
  /** JSON text. */
  arguments: string
}

/** Totals and subsets of them, as OpenAI counts; renderers take them apart for dialects that count otherwise. */
export interface AnswerUsage {
  input: number
  output: number
  cacheRead?: number
  cacheWrite?: number
  reasoning?: number
}

export interface StreamPiece {
  /** The SSE event name, where the dialect has one. */
  name?: string
  data: string
  /** Carries something the model said (and so must not be repeated by `duplicateEvents`). */
  content: boolean
}

/** One dialect's way of writing an answer. */
export interface Renderer {
  whole(answer: Answer, exchange: Exchange): Json
  stream(answer: Answer, exchange: Exchange): StreamPiece[]
}

export const defaultUsage: AnswerUsage = { input: 10, output: 5 }
