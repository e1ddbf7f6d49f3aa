import type { ChatRequest, JsonObject } from '../../../chat/request.ts'
import { unsupported, type WriteContext } from './write-context.ts'

/** OpenAI's tiers in Anthropic's: `auto` uses bought priority capacity where there is some, `standard_only` never. */
const serviceTiers: Record<string, string> = {
  auto: 'auto',
  default: 'auto',
  priority: 'auto',
  standard_only: 'standard_only',
}

/** Reports everything the client set that Anthropic has no word for; refuses what would change the answer's shape. */
export function refuseKnobs(request: ChatRequest, { warn }: WriteContext): void {
  if ((request.count ?? 1) > 1) throw unsupported('n', 'Anthropic Messages gives one answer per call')
  const absent: [feature: string, isSet: boolean][] = [
    ['seed', request.seed !== undefined],
    // 0 is what leaving it out means.
    ['presence_penalty', (request.presencePenalty ?? 0) !== 0],
    ['frequency_penalty', (request.frequencyPenalty ?? 0) !== 0],
    ['logprobs', request.logprobs !== undefined],
    ['verbosity', request.verbosity !== undefined && request.verbosity !== 'medium'],
    ...(request.uncarried ?? []).map((name): [string, boolean] => [name, true]),
  ]
  for (const [feature, isSet] of absent) if (isSet) warn(feature, 'Anthropic Messages does not have it')
}

/** A sequence without a visible character is a 400 ("each stop sequence must contain non-whitespace"). */
export function writeStop(stop: string[] | undefined, { warn }: WriteContext): JsonObject {
  const sequences = (stop ?? []).filter((sequence) => sequence.trim() !== '')
  if (sequences.length < (stop?.length ?? 0)) warn('stop', 'Anthropic takes no empty or white-space stop sequence')
  return sequences.length === 0 ? {} : { stop_sequences: sequences }
}

export function writeServiceTier(tier: string | undefined, { warn }: WriteContext): JsonObject {
  if (tier === undefined) return {}
  const known = Object.hasOwn(serviceTiers, tier) ? serviceTiers[tier] : undefined
  if (known !== undefined) return { service_tier: known }
  warn('service_tier', `Anthropic has no tier ${tier}: standard_only is asked`)
  return { service_tier: 'standard_only' }
}
