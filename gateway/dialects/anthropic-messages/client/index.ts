import type { ClientSide } from '../../dialect.ts'
import { MessagesStreamEncoder } from './encode-stream.ts'
import { encodeWhole } from './encode-whole.ts'
import { encodeError, encodeStreamError } from './errors.ts'
import { readRequest } from './read.ts'
import { unsealFor } from './unseal-for.ts'

/** How clients of Anthropic Messages speak to the gateway. */
export const messagesClient: ClientSide = {
  encodeError,
  encodeStreamError,
  // billing_error (https://platform.claude.com/docs/en/api/errors).
  quotaStatus: 402,
  idHeader: 'request-id',
  handsOn: ['anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access'],
  unsealFor,
  chat: { idPrefix: 'msg_', read: readRequest, encodeStream: (about) => new MessagesStreamEncoder(about), encodeWhole },
}
