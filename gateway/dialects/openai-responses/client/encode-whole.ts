import { replay, type ChatReply } from '../../../chat/collect.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { ReplyAbout } from '../../dialect.ts'
import { ResponseWriter } from './response-writer.ts'

/** A whole answer is the response that its stream would have ended with. */
export function encodeWhole(reply: ChatReply, about: ReplyAbout): JsonObject {
  const writer = new ResponseWriter(about, () => undefined)
  for (const event of replay(reply)) writer.add(event)
  return writer.end()
}
