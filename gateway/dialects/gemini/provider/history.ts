import { asObject, parseJson, type JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Origin, ReasoningPart, ToolCallPart } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { isAtLeast } from './models.ts'

/**
 * Gemini 3+ answers 400 "Function call is missing a thought_signature" to a call that another model made; Google
 * documents this value to skip the check (ai.google.dev/gemini-api/docs/thought-signatures).
 */
export const skipSignature = 'skip_thought_signature_validator'

/** An earlier answer, as the parts of a `model` turn. */
export function modelParts(parts: AssistantPart[], target: WriteTarget): JsonObject[] {
  // Of parallel calls only the first is signed, and only it is checked.
  const firstCall = parts.find((part) => part.type === 'tool-call')
  return parts.flatMap((part) => {
    if (part.type === 'tool-call') return [call(part, callSignature(part, target, part === firstCall))]
    if (part.type === 'reasoning') return thought(part, target)
    return part.text === '' ? [] : [{ text: part.text }]
  })
}

/** Unsigned thoughts are summaries that Google reads nothing from, and foreign ones are not for its eyes. */
function thought({ text, signature, origin }: ReasoningPart, target: WriteTarget): JsonObject[] {
  if (signature === undefined || !isFrom(origin, target)) return []
  // A signature without thoughts came on a text part (see decode.ts) and goes back on one.
  return [text === '' ? { text, thoughtSignature: signature } : { text, thought: true, thoughtSignature: signature }]
}

function callSignature(part: ToolCallPart, target: WriteTarget, isFirst: boolean): string | undefined {
  if (part.signature !== undefined && isFrom(part.origin, target)) return part.signature
  return isFirst && isAtLeast(target.model, 3) ? skipSignature : undefined
}

function isFrom(origin: Origin | undefined, { provider, model }: WriteTarget): boolean {
  return origin === undefined || (origin.provider === provider && origin.model === model)
}

function call(part: ToolCallPart, signature: string | undefined): JsonObject {
  return {
    functionCall: { id: part.id, name: part.name, args: callArguments(part.arguments) },
    ...(signature === undefined ? {} : { thoughtSignature: signature }),
  }
}

/** `args` must be an object. What a model wrote wrongly is kept as text, so that it sees its own mistake. */
export function callArguments(text: string): JsonObject {
  if (text.trim() === '') return {}
  return asObject(parseJson(text)) ?? { arguments: text }
}
