import type { Origin } from '../chat/request.ts'
import type { ReplyAbout } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from './call.ts'
import { canonicalRequest } from './canonical.ts'

/** What the client's encoder needs to know of a call. `made`: who answered; `created`: seconds since 1970. */
export function replyAbout(
  call: Call,
  { isTranslated, ...made }: Origin & { created: number; isTranslated: boolean },
): ReplyAbout {
  const chat = call.dialect.client?.chat
  const about = { id: `${chat?.idPrefix ?? ''}${call.id}`, includeUsage: call.includeUsage, ...made }
  // Bytes that are handed through are not encoded, and parsing the request would cost what handing through saves.
  if (!isTranslated || chat === undefined) return about
  const request = canonicalRequest(call).value
  return { ...about, includeReasoning: request.reasoning?.visible !== false, request, body: call.json() }
}

/** The same for what is handed through and yet encoded anew: it need not be readable, it may ask for what only its provider has. */
export function replyAboutRewritten(call: Call, made: Origin & { created: number }): ReplyAbout {
  try {
    return replyAbout(call, { ...made, isTranslated: true })
  } catch (error) {
    if (error instanceof GatewayError) return replyAbout(call, { ...made, isTranslated: false })
    throw error
  }
}
