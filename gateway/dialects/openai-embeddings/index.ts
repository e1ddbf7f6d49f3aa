import type { Dialect } from '../dialect.ts'
import { encodeError, encodeStreamError } from '../openai-chat/client/errors.ts'
import { readError } from '../openai-chat/provider/errors.ts'
import { readEmbeddingsUsage } from './usage.ts'

/** OpenAI embeddings: passed through, never translated. */
export const openaiEmbeddings: Dialect = {
  id: 'openai-embeddings',
  client: { encodeError, encodeStreamError, idHeader: 'x-request-id', handsOn: ['openai-beta'] },
  provider: { path: () => '/embeddings', readError, readUsage: readEmbeddingsUsage },
}
