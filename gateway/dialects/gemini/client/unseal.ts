import { asArray, asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { unseal } from '../../../chat/seal.ts'
import { skipSignature } from '../provider/history.ts'
import { isAtLeast } from '../provider/models.ts'

const signatureNames = ['thoughtSignature', 'thought_signature']

/** For a pass-through: Google's own signatures as they were; those of others are left out, and what only they filled. */
export function unsealFor(body: JsonObject, target: Origin): JsonObject {
  const contents = body['contents']
  const list = asArray(contents)
  if (list !== undefined) return { ...body, contents: list.flatMap((content) => openContent(content, target)) }
  return isObject(contents) ? { ...body, contents: openContent(contents, target)[0] ?? contents } : body
}

function openContent(content: Json, target: Origin): Json[] {
  const parts = isObject(content) ? asArray(content['parts']) : undefined
  if (!isObject(content) || parts === undefined) return [content]
  const opened = parts.flatMap((part): Json[] => (isObject(part) ? openPart(part, target) : [part]))
  return opened.length === 0 && parts.length > 0 ? [] : [{ ...content, parts: opened }]
}

function openPart(part: JsonObject, target: Origin): JsonObject[] {
  const name = signatureNames.find((each) => unseal(asString(part[each]) ?? '') !== undefined)
  const sealed = name === undefined ? undefined : unseal(asString(part[name]) ?? '')
  if (name === undefined || sealed === undefined) return [part]
  const { [name]: _, ...rest } = part
  const isCall = 'functionCall' in part || 'function_call' in part
  // A thought that a call carries is no signature of the call.
  const isOwn = sealed.provider === target.provider && sealed.model === target.model
  const isFitting = isOwn && sealed.signature !== undefined && !(isCall && sealed.text !== undefined)
  if (isFitting) return [{ ...rest, [name]: sealed.signature }]
  // Gemini 3+ refuses calls without one.
  if (isCall) return [isAtLeast(target.model, 3) ? { ...rest, [name]: skipSignature } : rest]
  return rest['text'] === '' ? [] : [rest]
}
