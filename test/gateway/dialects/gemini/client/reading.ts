import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest, Loss, Message } from '../../../../../gateway/chat/request.ts'
import { readGemini } from '../../../../../gateway/dialects/gemini/client/read.ts'
import { GatewayError } from '../../../../../gateway/errors.ts'

export const hello: JsonObject[] = [{ role: 'user', parts: [{ text: 'Hi' }] }]

/** A request of `members` around one turn, unless they have contents of their own. */
export function read(members: JsonObject): Loss<ChatRequest> {
  return readGemini({ contents: hello, ...members }, { model: 'm', stream: false })
}

export function readContents(contents: JsonObject | JsonObject[] | string): Message[] {
  return read({ contents }).value.messages
}

/** What is refused, with the member that is named. */
export function refusal(members: JsonObject): { code: string; param: string | undefined; message: string } {
  try {
    read(members)
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, param: error.param, message: error.message }
    throw error
  }
  throw new Error('the request was taken')
}
