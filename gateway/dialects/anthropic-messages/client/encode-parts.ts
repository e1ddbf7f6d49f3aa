import { given } from '../../../chat/given.ts'
import type { Annotation } from '../../../chat/event.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { seal } from '../../../chat/seal.ts'
import type { ReplyAbout } from '../../dialect.ts'

/** Where signed thinking is valid: the target asked, not the dated model name it answers with. */
export function originOf({ provider, model }: ReplyAbout): Origin {
  return { provider, model }
}

/**
 * The signature of a thinking block. Unsigned thinking gets one too: clients send only signed blocks back, and DeepSeek
 * wants its thinking again. `hiddenText`: of a client that wants no text shown, which its maker needs all the same.
 */
export function sealSignature(
  origin: Origin,
  { signature, hiddenText }: { signature?: string | undefined; hiddenText?: string | undefined },
): string {
  return seal({ ...origin, ...given({ signature, text: hiddenText }) })
}

/** Encrypted thinking. */
export function encodeRedacted(origin: Origin, redacted: string): JsonObject {
  return { type: 'redacted_thinking', data: seal({ ...origin, redacted }) }
}

/** Gemini signs calls, for which `tool_use` has no place: the signature travels as encrypted thinking beside the call. */
export function encodeCallSignature(
  origin: Origin,
  { call, signature }: { call: string; signature: string },
): JsonObject {
  return { type: 'redacted_thinking', data: seal({ ...origin, signature, call }) }
}

/** `encrypted_index` is required there; sealed, it is known as ours and never reaches Anthropic. */
export function encodeCitation(origin: Origin, { url, title }: Annotation): JsonObject {
  return {
    type: 'web_search_result_location',
    url,
    title: title ?? null,
    cited_text: '',
    encrypted_index: seal({ ...origin }),
  }
}

/** An answer of Anthropic's that is told again keeps its id; another vendor's (`chatcmpl-...`) would be no message's. */
export function messageId(told: string | undefined, { id }: ReplyAbout): string {
  return told?.startsWith('msg_') === true ? told : id
}
