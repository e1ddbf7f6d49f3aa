import type { Dialect } from '../dialect.ts'
import { geminiClient } from './client/index.ts'
import { decodeStream, decodeWhole } from './provider/decode.ts'
import { readError } from './provider/errors.ts'
import { path } from './provider/path.ts'
import { write } from './provider/request.ts'
import { readUsage } from './provider/usage.ts'

/** Google's own format (`generateContent`); its OpenAI-compatible layer loses signatures and safety reasons. */
export const gemini: Dialect = {
  id: 'gemini',
  client: geminiClient,
  provider: {
    path,
    readError,
    readUsage,
    members: { content: ['candidates', 'promptFeedback'], usage: ['usageMetadata'] },
    chat: { write, decodeStream, decodeWhole, inlinesMedia: true },
  },
}
