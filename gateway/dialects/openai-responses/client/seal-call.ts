import { asArray, parseJson } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { seal, unseal } from '../../../chat/seal.ts'

const mark = 'call:'

/** The signature of a tool call (Gemini's thought signature), sealed with the id of the call it belongs to. */
export function sealCall({ provider, model, signature }: Origin & { signature: string }, callId: string): string {
  return seal({ provider, model, signature: mark + JSON.stringify([callId, signature]) })
}

export interface SignedCall {
  callId: string
  signature: string
  origin: Origin
}

/** undefined where it is something else. */
export function unsealCall(content: string): SignedCall | undefined {
  const sealed = unseal(content)
  if (sealed?.signature?.startsWith(mark) !== true) return undefined
  // Clients may send anything that looks sealed.
  const [callId, signature] = asArray(parseJson(sealed.signature.slice(mark.length))) ?? []
  if (typeof callId !== 'string' || typeof signature !== 'string') return undefined
  return { callId, signature, origin: { provider: sealed.provider, model: sealed.model } }
}
