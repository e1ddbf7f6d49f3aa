import { asArray, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { ReasoningPart } from '../../../chat/request.ts'
import { unseal } from '../../../chat/seal.ts'
import { optionalString } from '../../expect.ts'

/** Thinking that came with an earlier answer; undefined where the item holds nothing. */
export function readReasoningItem(item: JsonObject, at: string): ReasoningPart | undefined {
  const text = textOf(item['content'], '') || textOf(item['summary'], '\n\n')
  const content = optionalString(item, 'encrypted_content', at)
  if (content === undefined || content === '') return text === '' ? undefined : { type: 'reasoning', text }
  const sealed = unseal(content)
  // It came through the gateway as it was: whose it is cannot be known, so nobody else gets it.
  if (sealed === undefined) {
    return { type: 'reasoning', text, signature: content, origin: { provider: '', model: '' } }
  }
  const { provider, model, ...signed } = sealed
  // Not signed: any provider may read it.
  if (Object.keys(signed).length === 0) return text === '' ? undefined : { type: 'reasoning', text }
  return { type: 'reasoning', text, ...signed, origin: { provider, model } }
}

function textOf(parts: Json | undefined, between: string): string {
  const texts = asArray(parts)?.flatMap((part) =>
    isObject(part) && typeof part['text'] === 'string' ? part['text'] : [],
  )
  return texts?.join(between) ?? ''
}
