import type { Annotation } from '../../../chat/event.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import type { ReplyAbout } from '../../dialect.ts'

/** OpenAI's `url_citation`, whose members are all required there. */
export function encodeAnnotation({ url, title, start, end }: Annotation): JsonObject {
  return {
    type: 'url_citation',
    url_citation: { url, title: title ?? url, start_index: start ?? 0, end_index: end ?? start ?? 0 },
  }
}

/** Where signed thinking is valid: the target asked, not the dated model name it answers with. */
export function originOf({ provider, model }: ReplyAbout): Origin {
  return { provider, model }
}

/** Whether the client asked for the tool as one of free text: then its calls are of that kind too. */
export function isCustom(name: string, { request }: ReplyAbout): boolean {
  return request?.tools?.some((tool) => tool.name === name && tool.custom !== undefined) === true
}

/**
 * Thinking that only works when sent back: OpenRouter's `reasoning_details`, with our `provider` and `model` added.
 * Encrypted thinking shows nothing, so it goes out even to clients that do not want to see reasoning.
 */
export function encodeReasoningDetail(
  { text, signature, redacted }: { text: string; signature?: string | undefined; redacted?: string | undefined },
  origin: Origin,
  isVisible: boolean,
): JsonObject | undefined {
  if (redacted !== undefined) return { type: 'reasoning.encrypted', data: redacted, ...origin }
  if (signature === undefined || !isVisible) return undefined
  return { type: 'reasoning.text', text, signature, ...origin }
}

/** Google's convention for Gemini's thought signatures, with our origin beside. */
export function encodeSignature(signature: string, origin: Origin): JsonObject {
  return { google: { thought_signature: signature }, gateway: { ...origin } }
}
