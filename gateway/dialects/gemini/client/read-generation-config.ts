import { asArray, asString, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  optionalArray,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalObject,
  pathOf,
  wrongType,
} from '../../expect.ts'
import { camelMembers } from './camel.ts'
import { isHarmless } from './is-harmless.ts'
import { carriesOutput, readOutput } from './read-output.ts'
import { readThinking } from './read-thinking.ts'

const at = 'generationConfig'

/** What `generationConfig` says, and the names of what it says that has no canonical form. */
export function readGenerationConfig(members: JsonObject): { knobs: Partial<ChatRequest>; uncarried: string[] } {
  const config = camelMembers(optionalObject(members, at) ?? {})
  const { reasoning, uncarried } = readThinking(camelMembers(optionalObject(config, 'thinkingConfig', at) ?? {}))
  const knobs = given({
    maxOutputTokens: optionalInteger(config, 'maxOutputTokens', at),
    temperature: optionalNumber(config, 'temperature', at),
    topP: optionalNumber(config, 'topP', at),
    topK: optionalNumber(config, 'topK', at),
    stop: readStop(config),
    seed: optionalInteger(config, 'seed', at),
    presencePenalty: optionalNumber(config, 'presencePenalty', at),
    frequencyPenalty: optionalNumber(config, 'frequencyPenalty', at),
    count: optionalInteger(config, 'candidateCount', at),
    logprobs: readLogprobs(config),
    output: readOutput(config, at),
    reasoning,
  })
  const left = Object.keys(config)
    .filter((name) => !isCarried(name, config))
    .map((name) => pathOf(at, name))
  return { knobs, uncarried: [...left, ...uncarried] }
}

function readStop(config: JsonObject): string[] | undefined {
  const stop = optionalArray(config, 'stopSequences', at)?.map((item, index) => {
    if (typeof item === 'string') return item
    throw wrongType(pathOf(pathOf(at, 'stopSequences'), index), 'a string', item)
  })
  return stop?.length === 0 ? undefined : stop
}

function readLogprobs(config: JsonObject): ChatRequest['logprobs'] {
  if (optionalBoolean(config, 'responseLogprobs', at) !== true) return undefined
  return given({ top: optionalInteger(config, 'logprobs', at) })
}

const carried = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'candidateCount',
  'responseLogprobs',
  'logprobs',
  'thinkingConfig',
  'responseSchema',
  'responseJsonSchema',
])

function isCarried(name: string, config: JsonObject): boolean {
  if (carried.has(name) || isHarmless(config[name])) return true
  if (name === 'responseMimeType') return carriesOutput(config)
  return (
    name === 'responseModalities' &&
    asArray(config[name])?.every((item) => asString(item)?.toUpperCase() === 'TEXT') === true
  )
}
