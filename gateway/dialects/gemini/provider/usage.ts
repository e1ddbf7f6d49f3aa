import { asArray, asCount, asObject, asString, type JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'

/** From a whole body or a chunk. */
export function readUsage(body: JsonObject): Usage | undefined {
  const metadata = asObject(body['usageMetadata'])
  return metadata === undefined ? undefined : readMetadata(metadata)
}

/**
 * `usageMetadata`, cumulative in every chunk. Prompt tokens include cached ones but not what Google's own tools read
 * (toolUsePromptTokenCount); candidates' tokens exclude thoughts. undefined where no count is told at all.
 */
function readMetadata(raw: JsonObject): Usage | undefined {
  const input = sum(asCount(raw['promptTokenCount']), asCount(raw['toolUsePromptTokenCount']))
  const reasoning = asCount(raw['thoughtsTokenCount'])
  const output = sum(asCount(raw['candidatesTokenCount']), reasoning) ?? untold(raw, input)
  if (input === undefined && output === undefined) return undefined
  const promptDetails = [
    ...(asArray(raw['promptTokensDetails']) ?? []),
    ...(asArray(raw['toolUsePromptTokensDetails']) ?? []),
  ]
  const counts: Usage = {}
  const tell = (
    name: 'input' | 'output' | 'reasoning' | 'cacheRead' | 'inputAudio' | 'outputAudio',
    count?: number,
  ) => {
    if (count !== undefined) counts[name] = count
  }
  tell('input', input)
  tell('cacheRead', asCount(raw['cachedContentTokenCount']))
  tell('inputAudio', audioTokens(promptDetails))
  tell('output', output)
  tell('reasoning', reasoning)
  tell('outputAudio', audioTokens(asArray(raw['candidatesTokensDetails']) ?? []))
  const serviceTier = asString(raw['serviceTier'])
  return { ...counts, ...(serviceTier === undefined ? {} : { serviceTier }), raw }
}

function sum(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0)
}

/** Google leaves zeros out of its JSON, so the output of a blocked prompt is the total less the input. */
function untold(raw: JsonObject, input: number | undefined): number | undefined {
  const total = asCount(raw['totalTokenCount'])
  return total === undefined || input === undefined ? undefined : Math.max(0, total - input)
}

function audioTokens(details: unknown[]): number | undefined {
  const audio = details.map(asObject).filter((detail) => detail?.['modality'] === 'AUDIO')
  if (audio.length === 0) return undefined
  return audio.reduce((total, detail) => total + (asCount(detail?.['tokenCount']) ?? 0), 0)
}
