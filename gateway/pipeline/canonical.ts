import type { ChatRequest, Loss } from '../chat/request.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from './call.ts'

/** By the body, which copies of a call share (two requests side by side each have one) unless they have another. */
const read = new WeakMap<Call['json'], Loss<ChatRequest>>()

/** The call in canonical form; read once, however many targets are tried. */
export function canonicalRequest(call: Call): Loss<ChatRequest> {
  const known = read.get(call.json)
  if (known !== undefined) return known
  const chat = call.dialect.client?.chat
  if (chat === undefined) throw new GatewayError('unsupported_operation', `${call.dialect.id} cannot be translated.`)
  const loss = chat.read(call.json(), call)
  read.set(call.json, loss)
  return loss
}
