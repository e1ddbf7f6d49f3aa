import { asArray, isObject, type JsonObject } from '../../chat/json.ts'
import type { Dialect } from '../dialect.ts'
import { readEmbedUsage } from '../gemini-embed/usage.ts'
import { encodeError, encodeStreamError } from '../gemini/client/errors.ts'
import { renameModel } from '../gemini/client/rename-model.ts'
import { readError } from '../gemini/provider/errors.ts'
import { methodPath } from '../gemini/provider/path.ts'

/** Several embeddings at once (`batchEmbedContents`, which Google's SDKs use for one too): passed through. */
export const geminiBatchEmbed: Dialect = {
  id: 'gemini-batch-embed',
  via: 'gemini',
  client: { encodeError, encodeStreamError, handsOn: ['x-goog-api-client'], rename: renameEmbeds },
  provider: {
    path: ({ model }) => methodPath(model, 'batchEmbedContents'),
    readError,
    readUsage: readEmbedUsage,
    members: { content: ['embeddings'], usage: ['usageMetadata'] },
  },
}

function renameEmbeds(body: JsonObject, model: string): JsonObject {
  const requests = asArray(body['requests'])
  if (requests === undefined) return body
  return { ...body, requests: requests.map((request) => (isObject(request) ? renameModel(request, model) : request)) }
}
