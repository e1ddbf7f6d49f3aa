import type { UnifiedFinish } from '../../../gateway/chat/finish.ts'
import type { JsonObject } from '../../../gateway/chat/json.ts'

/** What a vendor's own library makes of an answer, in one form for all four. */
export interface Reading {
  text: string
  /** Of an answer that was refused or filtered, where that has a place of its own; '' for none. */
  refusal: string
  thinking: string
  calls: { id: string; name: string; arguments: unknown }[]
  finish: UnifiedFinish
  /** undefined: the library knows nothing of it. */
  usage: { input: number; output: number; cacheRead: number; reasoning: number } | undefined
}

/** What goes over the wire: SSE text or a JSON body. */
export interface Answer {
  status: number
  body: string | JsonObject
}

/** Reads one answer with the vendor's library, which throws its own error where the answer is or holds one. */
export type Reader = (answer: Answer) => Promise<Reading>

/** A `fetch` that gives this answer to every request; no socket is opened. */
export function answering({ status, body }: Answer): () => Promise<Response> {
  const isStream = typeof body === 'string'
  const headers = { 'content-type': isStream ? 'text/event-stream' : 'application/json' }
  const text = isStream ? body : JSON.stringify(body)
  return () => Promise.resolve(new Response(text, { status, headers }))
}

export function isStreamed({ body }: Answer): boolean {
  return typeof body === 'string'
}

/** A finish reason of the wire; a word that no library knows is a fault of ours. */
export function finishIn(words: Record<string, UnifiedFinish>, word: string | null | undefined): UnifiedFinish {
  const unified = words[word ?? '']
  if (unified === undefined) throw new Error(`not a finish reason of this dialect: ${word}`)
  return unified
}
