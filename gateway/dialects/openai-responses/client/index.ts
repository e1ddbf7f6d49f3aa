import type { ClientSide } from '../../dialect.ts'
import { encodeError, encodeStreamError } from '../../openai-chat/client/errors.ts'

/** How clients of OpenAI Responses speak to the gateway. */
export const responsesClient: ClientSide = {
  encodeError,
  encodeStreamError,
  idHeader: 'x-request-id',
  handsOn: ['openai-beta'],
}
