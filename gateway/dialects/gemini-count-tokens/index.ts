import { asObject, type JsonObject } from '../../chat/json.ts'
import { estimateInputTokens } from '../../models/estimate.ts'
import type { Dialect } from '../dialect.ts'
import { geminiClient } from '../gemini/client/index.ts'
import { renameModel } from '../gemini/client/rename-model.ts'
import { readError } from '../gemini/provider/errors.ts'
import { methodPath } from '../gemini/provider/path.ts'

const { encodeError, encodeStreamError, handsOn = [], unsealFor } = geminiClient

/** Counting the tokens of a request: by the provider where it is Google's, else by a rough rule of ours. */
export const geminiCountTokens: Dialect = {
  id: 'gemini-count-tokens',
  via: 'gemini',
  client: {
    encodeError,
    encodeStreamError,
    handsOn,
    ...(unsealFor === undefined ? {} : { unsealFor }),
    rename,
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

function rename(body: JsonObject, model: string): JsonObject {
  const renamed = { ...body }
  for (const name of wrappers) {
    const request = asObject(body[name])
    if (request !== undefined) renamed[name] = renameModel(request, model)
  }
  return renamed
}
