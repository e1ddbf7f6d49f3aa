import type { Dialect } from '../dialect.ts'
import { messagesClient } from './client/index.ts'
import { decodeStream, decodeWhole } from './provider/decode.ts'
import { readError } from './provider/errors.ts'
import { readBodyUsage } from './provider/usage.ts'
import { writeRequest } from './provider/write.ts'

const lastEvent = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'

/** Anthropic Messages (platform.claude.com/docs/en/api/messages). */
export const anthropicMessages: Dialect = {
  id: 'anthropic-messages',
  client: messagesClient,
  provider: {
    path: () => '/v1/messages',
    // Pinned: from version 2026-10-21 on, temperature, top_p and top_k are refused even at their defaults.
    headers: { 'anthropic-version': '2023-06-01' },
    readError,
    readUsage: readBodyUsage,
    members: { content: ['content'], usage: ['usage'] },
    chat: { write: writeRequest, decodeStream, decodeWhole, lastEvent },
  },
}
