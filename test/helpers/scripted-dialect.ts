import type { IncomingHttpHeaders } from 'node:http'
import type { JsonObject } from '../../gateway/chat/json.ts'
import type { ScriptedAnswer, SeenRequest } from './scripted-answer.ts'
import type { Issued } from './scripted-issued.ts'

export const scriptedDialects = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const
export type ScriptedDialectId = (typeof scriptedDialects)[number]

export interface ScriptedRequest {
  /** With its query. */
  path: string
  headers: IncomingHttpHeaders
  body: JsonObject
}

/** One vendor's wire format, from the vendor's side. */
export interface ScriptedDialect {
  path: RegExp
  /** Throws Refusal for what the vendor answers 400. */
  read(request: ScriptedRequest, issued: Issued): SeenRequest
  whole(answer: ScriptedAnswer, about: AnswerAbout): JsonObject
  /** SSE text of each event. */
  stream(answer: ScriptedAnswer, about: AnswerAbout): string[]
  error(status: number, message: string, retryAfterSeconds?: number): JsonObject
  /** SSE text of an error in the middle of a stream. */
  streamError(message: string): string
  /** Header that tells how long to wait, for dialects whose vendor sends one. */
  retryHeader?: string
}

export interface AnswerAbout {
  model: string
  request: JsonObject
  issued: Issued
}

export function sse(data: JsonObject, name?: string): string {
  const line = `data: ${JSON.stringify(data)}\n\n`
  return name === undefined ? line : `event: ${name}\n${line}`
}
