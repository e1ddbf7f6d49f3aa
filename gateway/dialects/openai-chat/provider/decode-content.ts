import { asArray, asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Parts } from '../../../chat/parts.ts'

/** `content` of a delta or message: text, or Mistral's list of chunks with thinking among them. */
export function decodeContent(content: Json | undefined, choice: number, parts: Parts, logprobs?: Json): void {
  if (typeof content === 'string') return parts.text(choice, content, logprobs)
  for (const chunk of asArray(content) ?? []) {
    if (typeof chunk === 'string') parts.text(choice, chunk)
    else if (isObject(chunk)) decodeChunk(chunk, choice, parts)
  }
}

function decodeChunk(chunk: JsonObject, choice: number, parts: Parts): void {
  if (chunk['type'] === 'text') parts.text(choice, asString(chunk['text']) ?? '')
  if (chunk['type'] !== 'thinking') return
  parts.reasoning(choice, thinkingText(chunk['thinking']))
  const signature = asString(chunk['signature'])
  if (signature !== undefined && signature !== '') parts.sign(choice, signature)
}

function thinkingText(thinking: Json | undefined): string {
  if (typeof thinking === 'string') return thinking
  return (asArray(thinking) ?? []).map((piece) => (isObject(piece) ? (asString(piece['text']) ?? '') : '')).join('')
}
