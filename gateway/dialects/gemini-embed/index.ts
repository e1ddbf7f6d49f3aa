import type { Dialect } from '../dialect.ts'
import { encodeError, encodeStreamError } from '../gemini/client/errors.ts'
import { renameModel } from '../gemini/client/rename-model.ts'
import { readError } from '../gemini/provider/errors.ts'
import { methodPath } from '../gemini/provider/path.ts'
import { readEmbedUsage } from './usage.ts'

/** One embedding (`embedContent`): passed through, never translated. */
export const geminiEmbed: Dialect = {
  id: 'gemini-embed',
  via: 'gemini',
  client: { encodeError, encodeStreamError, handsOn: ['x-goog-api-client'], rename: renameModel },
  provider: {
    path: ({ model }) => methodPath(model, 'embedContent'),
    readError,
    readUsage: readEmbedUsage,
    members: { content: ['embedding'], usage: ['usageMetadata'] },
  },
}
