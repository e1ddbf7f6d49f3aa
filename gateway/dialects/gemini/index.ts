import type { Dialect } from '../dialect.ts'
import { decodeStream, decodeWhole } from './decode.ts'
import { readError } from './errors.ts'
import { path } from './path.ts'
import { write } from './request.ts'
import { readUsage } from './usage.ts'

/** Google's own format (`generateContent`); its OpenAI-compatible layer loses signatures and safety reasons. */
export const gemini: Dialect = {
  id: 'gemini',
  provider: {
    path,
    readError,
    readUsage,
    chat: { write, decodeStream, decodeWhole, inlinesMedia: true },
  },
}
