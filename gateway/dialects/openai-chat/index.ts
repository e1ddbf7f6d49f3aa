import type { Dialect } from '../dialect.ts'
import { ChatStreamEncoder } from './client/encode-stream.ts'
import { encodeWhole } from './client/encode-whole.ts'
import { encodeError, encodeStreamError } from './client/errors.ts'
import { readChat } from './client/read.ts'
import { readBodyUsage } from './provider/decode-usage.ts'
import { decodeStream } from './provider/decode-stream.ts'
import { decodeWhole } from './provider/decode-whole.ts'
import { readError } from './provider/errors.ts'
import { writeChat } from './provider/write.ts'

/** OpenAI Chat Completions, which most providers speak too. */
export const openaiChat: Dialect = {
  id: 'openai-chat',
  usageOnRequest: true,
  client: {
    encodeError,
    encodeStreamError,
    idHeader: 'x-request-id',
    handsOn: ['openai-beta'],
    chat: { idPrefix: 'chatcmpl-', read: readChat, encodeStream: (about) => new ChatStreamEncoder(about), encodeWhole },
  },
  provider: {
    path: () => '/chat/completions',
    readError,
    readUsage: readBodyUsage,
    chat: { write: writeChat, decodeStream, decodeWhole },
  },
}
