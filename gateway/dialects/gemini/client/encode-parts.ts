import type { Annotation } from '../../../chat/event.ts'
import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import { seal } from '../../../chat/seal.ts'
import type { ReplyAbout } from '../../dialect.ts'
import { callArguments } from '../provider/history.ts'

/** A thought with what makes it valid when it comes back. */
export interface Thought {
  text: string
  signature?: string | undefined
  redacted?: string | undefined
}

/** Unlike elsewhere thoughts are shown only where the client asked (`includeThoughts`). */
export function showsThoughts({ request, includeReasoning }: ReplyAbout): boolean {
  return request === undefined ? includeReasoning !== false : request.reasoning?.visible === true
}

export function isSigned({ signature, redacted }: Thought): boolean {
  return signature !== undefined || redacted !== undefined
}

/** Whole; undefined for one that has nothing to show and nothing to come back. */
export function thoughtPart(thought: Thought, about: ReplyAbout): JsonObject | undefined {
  const isShown = showsThoughts(about) && thought.text !== ''
  if (!isSigned(thought)) return isShown ? { text: thought.text, thought: true } : undefined
  return isShown
    ? { text: thought.text, thought: true, thoughtSignature: sealed({ ...thought, text: undefined }, about) }
    : signaturePart(thought, about)
}

/** What is not shown travels inside its signature, on an empty text as Google has it. */
export function signaturePart(thought: Thought, about: ReplyAbout): JsonObject {
  return {
    text: '',
    thoughtSignature: sealed({ ...thought, text: thought.text === '' ? undefined : thought.text }, about),
  }
}

/** Signs the thought whose text has gone before. */
export function closingPart(thought: Thought, about: ReplyAbout): JsonObject {
  return { text: '', thought: true, thoughtSignature: sealed({ ...thought, text: undefined }, about) }
}

/**
 * A call, whole. `before` is the signed thought before it: Gemini CLI and others send back no thoughts, but the
 * signatures of calls, so an unsigned call carries it whole.
 */
export function callPart(
  call: { id: string; name: string; arguments: string; signature?: string | undefined },
  before: Thought | undefined,
  about: ReplyAbout,
): JsonObject {
  const { id, name, signature } = call
  const signed = signature === undefined ? before : { signature, text: undefined }
  return {
    functionCall: { id, name, args: callArguments(call.arguments) },
    ...(signed === undefined ? {} : { thoughtSignature: sealed(signed, about) }),
  }
}

function sealed(
  thought: Omit<Thought, 'text'> & { text: string | undefined },
  { provider, model }: ReplyAbout,
): string {
  const { signature, redacted, text } = thought
  return seal({ provider, model, ...given({ signature, redacted, text }) })
}

/** Each page once. Without `groundingSupports`: their offsets count the bytes of one part. */
export function groundingMetadata(annotations: Annotation[]): JsonObject | undefined {
  if (annotations.length === 0) return undefined
  const pages = new Map(annotations.map(({ url, title }) => [url, { web: { uri: url, title: title ?? url } }]))
  return { groundingChunks: [...pages.values()] }
}
