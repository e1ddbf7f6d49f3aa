import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'

/** OpenAI's `{ content }` as `logprobsResult`; undefined for any other shape. */
export function encodeLogprobs(logprobs: Json | undefined): JsonObject | undefined {
  const tokens = (asArray(asObject(logprobs)?.['content']) ?? []).map((token) => asObject(token) ?? {})
  if (tokens.length === 0) return undefined
  return {
    chosenCandidates: tokens.map(candidate),
    topCandidates: tokens.map((token) => ({
      candidates: (asArray(token['top_logprobs']) ?? []).map((top) => candidate(asObject(top) ?? {})),
    })),
  }
}

function candidate(token: JsonObject): JsonObject {
  return { token: asString(token['token']) ?? '', logProbability: asNumber(token['logprob']) ?? 0 }
}
