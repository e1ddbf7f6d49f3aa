import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest, Loss } from '../../../../../gateway/chat/request.ts'
import { readResponses } from '../../../../../gateway/dialects/openai-responses/client/read.ts'
import { GatewayError } from '../../../../../gateway/errors.ts'

/** Reads a body with the least that it needs beside `members`. */
export function read(members: JsonObject): Loss<ChatRequest> {
  return readResponses({ model: 'm', input: 'Hello', ...members })
}

export function refusal(members: JsonObject): Pick<GatewayError, 'code' | 'param' | 'message'> | undefined {
  try {
    read(members)
    return undefined
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { code: error.code, param: error.param, message: error.message }
  }
}
