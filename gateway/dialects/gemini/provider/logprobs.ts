import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'

/** `logprobsResult` in OpenAI's shape, or undefined where there is none. */
export function readLogprobs(candidate: JsonObject): Json | undefined {
  const result = asObject(candidate['logprobsResult'])
  const chosen = asArray(result?.['chosenCandidates']) ?? []
  if (chosen.length === 0) return undefined
  const top = asArray(result?.['topCandidates']) ?? []
  return {
    content: chosen.map((token, index) => ({
      ...logprob(token),
      top_logprobs: (asArray(asObject(top[index])?.['candidates']) ?? []).map(logprob),
    })),
  }
}

function logprob(value: Json): JsonObject {
  const token = asString(asObject(value)?.['token']) ?? ''
  // Google leaves zeros out of its JSON: a token without a number was certain.
  return { token, logprob: asNumber(asObject(value)?.['logProbability']) ?? 0, bytes: [...Buffer.from(token)] }
}
