import { asObject, type JsonObject } from '../../chat/json.ts'
import { estimateInputTokens } from '../../models/estimate.ts'
import type { Dialect } from '../dialect.ts'
import { encodeError, encodeStreamError } from '../gemini/client/errors.ts'
import { renameModel } from '../gemini/client/rename-model.ts'
import { unsealFor } from '../gemini/client/unseal.ts'
import { readError } from '../gemini/provider/errors.ts'
import { methodPath } from '../gemini/provider/path.ts'

/** Counting the tokens of a request: by the provider where it is Google's, else by a rough rule of ours. */
export const geminiCountTokens: Dialect = {
  id: 'gemini-count-tokens',
  via: 'gemini',
  client: {
    encodeError,
    encodeStreamError,
    handsOn: ['x-goog-api-client'],
    unsealFor: (body, target) => changed(unsealFor(body, target), (request) => unsealFor(request, target)),
    rename: (body, model) => changed(body, (request) => renameModel(request, model)),
    answerLocally: (body) => ({ totalTokens: estimateInputTokens(counted(body)) }),
  },
  provider: {
    path: ({ model }) => methodPath(model, 'countTokens'),
    readError,
    members: { content: ['totalTokens'], usage: [] },
    isFree: true,
  },
}

const wrappers = ['generateContentRequest', 'generate_content_request']

/** The body holds `contents` alone, or a whole request that says its model again. */
function counted(body: JsonObject): JsonObject {
  return wrappers.map((name) => asObject(body[name])).find((request) => request !== undefined) ?? body
}

/** The same for the request inside the body. */
function changed(body: JsonObject, change: (request: JsonObject) => JsonObject): JsonObject {
  const result = { ...body }
  for (const name of wrappers) {
    const request = asObject(body[name])
    if (request !== undefined) result[name] = change(request)
  }
  return result
}
