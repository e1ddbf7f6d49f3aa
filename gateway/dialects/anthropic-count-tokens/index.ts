import { estimateMessages } from './estimate.ts'
import { messagesClient } from '../anthropic-messages/client/index.ts'
import { unsealFor } from '../anthropic-messages/client/unseal-for.ts'
import { readError } from '../anthropic-messages/provider/errors.ts'
import type { Dialect } from '../dialect.ts'

/** Counting the tokens of a Messages request: by the provider where it is Anthropic's, else an estimate of ours. */
export const anthropicCountTokens: Dialect = {
  id: 'anthropic-count-tokens',
  via: 'anthropic-messages',
  client: {
    encodeError: messagesClient.encodeError,
    encodeStreamError: messagesClient.encodeStreamError,
    idHeader: 'request-id',
    handsOn: ['anthropic-version', 'anthropic-beta'],
    unsealFor,
    answerLocally: (body) => ({ input_tokens: estimateMessages(body) }),
  },
  provider: {
    path: () => '/v1/messages/count_tokens',
    headers: { 'anthropic-version': '2023-06-01' },
    readError,
    members: { content: ['input_tokens'], usage: [] },
    isFree: true,
  },
}
