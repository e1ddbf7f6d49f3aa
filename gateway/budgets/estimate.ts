import { memberValue, type Members } from '../dialects/members.ts'
import { isObject } from '../chat/json.ts'
import { modelFacts } from '../models/catalog.ts'
import { rateAt } from '../models/cost.ts'
import type { ModelPrice } from '../models/price.ts'

/** Of an answer whose length nobody bounds: few are longer, and holding back what a model could say would block nearly all. */
const usualOutputTokens = 4096

/** Below this no image fits that would count. */
const wordsOnlyBytes = 16 * 1024
/** Wherever one of these is not, there is no encoded image, sound or file. */
const mediaMarks = ['base64', 'nlineData', 'nline_data', 'input_audio']
/** What an image of ordinary size costs with most providers. */
const mediaTokens = 800
const mediaLength = 4096

const quote = 34

/**
 * Tokens of a request, from its bytes: four to a token. Nothing is parsed, because every call is held up by it; encoded
 * images, which are many bytes and few tokens, are found by being long strings without a space.
 */
export function estimatePrompt({ bytes }: Pick<Members, 'bytes'>): number {
  if (bytes.length < wordsOnlyBytes || !mediaMarks.some((mark) => bytes.includes(mark))) {
    return Math.ceil(bytes.length / 4)
  }
  let words = bytes.length
  let media = 0
  for (let open = bytes.indexOf(quote); open !== -1;) {
    const close = bytes.indexOf(quote, open + 1)
    if (close === -1) break
    if (close - open > mediaLength && isEncoded(bytes.toString('latin1', open + 1, open + 513))) {
      words -= close - open
      media += 1
    }
    open = close
  }
  return Math.ceil(words / 4) + media * mediaTokens
}

function isEncoded(start: string): boolean {
  return /^(data:[^,]{1,100},)?[A-Za-z0-9+/=_-]+$/.test(start)
}

const outputMembers = ['max_completion_tokens', 'max_tokens', 'max_output_tokens']

/** The longest answer that is asked for, over all choices; where nobody says, a usual one the model can write. */
export function estimateOutput(members: Members, model: string): number {
  const asked = outputMembers.map((name) => memberValue(members, name)).find(isCount) ?? geminiOutput(members)
  const choices = memberValue(members, 'n')
  const length = isCount(asked) ? asked : Math.min(usualOutputTokens, longestAnswer(model))
  return length * (isCount(choices) ? choices : 1)
}

function geminiOutput(members: Members): unknown {
  const config = memberValue(members, 'generationConfig') ?? memberValue(members, 'generation_config')
  return isObject(config) ? (config['maxOutputTokens'] ?? config['max_output_tokens']) : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
}

function longestAnswer(model: string): number {
  return modelFacts(model).maxOutputTokens ?? Infinity
}

/**
 * More than any budget has (config/budgets.ts). Clients may ask for 1e300 tokens: held for a call that goes on all the
 * same, such an amount would swallow what is held for others, and infinity would never be given back.
 */
const mostNanoUsd = 2e15

/** 1e-9 USD, rounded up. undefined = not known. `outputTokens` is asked for only where output costs something. */
export function estimateCost(
  price: ModelPrice | undefined,
  inputTokens: number,
  outputTokens: () => number,
): number | undefined {
  const { input, output, request } = price?.rates ?? {}
  if (input === undefined) return undefined
  const perRequest = request?.base ?? 0
  const perOutput = output === undefined ? 0 : rateAt(output, inputTokens)
  const picoUsd =
    inputTokens * rateAt(input, inputTokens) + (perOutput === 0 ? 0 : outputTokens() * perOutput) + perRequest
  return Math.min(Math.ceil(picoUsd / 1000), mostNanoUsd)
}
