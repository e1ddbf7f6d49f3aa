import type { ClientSide } from '../../dialect.ts'
import { encodeError, encodeStreamError } from '../../openai-chat/client/errors.ts'

/** How clients of Gemini's generateContent speak to the gateway. */
export const geminiClient: ClientSide = {
  encodeError,
  encodeStreamError,
  handsOn: ['x-goog-api-client'],
}
