import { asObject } from '../chat/json.ts'
import { memberValue, type Members } from '../dialects/members.ts'
import type { Attributes } from './call-trace.ts'
import type { GenAiAttributes } from './gen-ai-names.ts'

type Knob = [attribute: keyof GenAiAttributes, members: string[], read: (value: unknown) => Attributes[string]]

/** The names that the dialects have for the knobs, OpenAI's and Anthropic's first, then Gemini's. */
const knobs: Knob[] = [
  ['maxTokens', ['max_completion_tokens', 'max_output_tokens', 'max_tokens', 'maxOutputTokens'], asNumber],
  ['temperature', ['temperature'], asNumber],
  ['topP', ['top_p', 'topP'], asNumber],
  ['topK', ['top_k', 'topK'], asNumber],
  ['seed', ['seed'], asNumber],
  ['frequencyPenalty', ['frequency_penalty', 'frequencyPenalty'], asNumber],
  ['presencePenalty', ['presence_penalty', 'presencePenalty'], asNumber],
  ['stopSequences', ['stop', 'stop_sequences', 'stopSequences'], asTexts],
  ['choiceCount', ['n', 'candidateCount'], (value) => (value === 1 ? undefined : asNumber(value))],
  ['dimensions', ['dimensions', 'outputDimensionality'], asNumber],
  ['encodingFormats', ['encoding_format'], asTexts],
]

/** The knobs of a request as its client wrote them: only the members of these names are read. */
export function requestAttributes(members: Members, names: GenAiAttributes): Attributes {
  const nested = geminisKnobs(members)
  const found: Attributes = {}
  for (const [attribute, spellings, read] of knobs) {
    for (const name of spellings) {
      const value = members.spans.has(name) ? memberValue(members, name) : nested?.[name]
      const known = value === undefined ? undefined : read(value)
      if (known === undefined) continue
      found[names[attribute]] = known
      break
    }
  }
  return found
}

function geminisKnobs(members: Members): Record<string, unknown> | undefined {
  for (const name of ['generationConfig', 'generation_config']) {
    if (members.spans.has(name)) return asObject(memberValue(members, name))
  }
  return undefined
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

const mostTexts = 8
const longestText = 64

function asTexts(value: unknown): string[] | undefined {
  const texts = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')
  return texts.length === 0 ? undefined : texts.slice(0, mostTexts).map((text) => text.slice(0, longestText))
}
