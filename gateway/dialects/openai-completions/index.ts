import type { Dialect } from '../dialect.ts'
import { encodeError, encodeStreamError } from '../openai-chat/client/errors.ts'
import { decodeStream } from '../openai-chat/provider/decode-stream.ts'
import { readBodyUsage } from '../openai-chat/provider/decode-usage.ts'
import { decodeWhole } from '../openai-chat/provider/decode-whole.ts'
import { readError } from '../openai-chat/provider/errors.ts'
import { CompletionStreamEncoder, encodeWhole } from './encode.ts'
import { readCompletion } from './read.ts'
import { writeCompletion } from './write.ts'

/** OpenAI's legacy text completions. Answers are read by chat's decoder, which knows `choices[].text` too. */
export const openaiCompletions: Dialect = {
  id: 'openai-completions',
  usageOnRequest: true,
  client: {
    encodeError,
    encodeStreamError,
    idHeader: 'x-request-id',
    handsOn: ['openai-beta'],
    chat: {
      idPrefix: 'cmpl-',
      read: readCompletion,
      encodeStream: (about) => new CompletionStreamEncoder(about),
      encodeWhole,
    },
  },
  provider: {
    path: () => '/completions',
    readError,
    readUsage: readBodyUsage,
    chat: { write: writeCompletion, decodeStream, decodeWhole },
  },
}
