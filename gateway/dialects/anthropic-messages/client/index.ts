import type { ClientSide } from '../../dialect.ts'
import { encodeError, encodeStreamError } from '../../openai-chat/client/errors.ts'

/** How clients of Anthropic Messages speak to the gateway. */
export const messagesClient: ClientSide = {
  encodeError,
  encodeStreamError,
  idHeader: 'request-id',
  handsOn: ['anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access'],
}
