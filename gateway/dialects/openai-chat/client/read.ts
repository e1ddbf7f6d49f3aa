import { asObject, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  missing,
  optionalArray,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalString,
  pathOf,
  requiredString,
  wrongType,
} from '../../expect.ts'
import { readMessages } from './read-messages.ts'
import { readOutput } from './read-output.ts'
import { readReasoning } from './read-reasoning.ts'
import { readTools } from './read-tools.ts'

/** A chat completion request -> canonical form. Throws GatewayError naming the member that is wrong. */
export function readChat(body: JsonObject): Loss<ChatRequest> {
  const warnings: Warning[] = []
  const uncarried = Object.keys(body).filter((name) => !isCarried(name) && !isHarmless(name, body))
  const value: ChatRequest = {
    model: readModel(body),
    messages: readMessages(body),
    stream: optionalBoolean(body, 'stream') ?? false,
    ...readTools(body, warnings),
    ...readSampling(body),
    ...given({
      output: readOutput(body),
      reasoning: readReasoning(body),
      verbosity: optionalString(body, 'verbosity'),
      serviceTier: optionalString(body, 'service_tier'),
      promptCacheKey: optionalString(body, 'prompt_cache_key'),
      user: optionalString(body, 'safety_identifier') ?? optionalString(body, 'user'),
      uncarried: uncarried.length === 0 ? undefined : uncarried,
    }),
  }
  return { value, warnings }
}

export function readModel(body: JsonObject): string {
  const model = requiredString(body, 'model')
  if (model === '') throw missing('model')
  return model
}

/** The knobs that chat and legacy completions share. */
export function readSampling(body: JsonObject): Partial<ChatRequest> {
  return given({
    // max_tokens is the deprecated name of max_completion_tokens; both given, the newer one counts.
    maxOutputTokens: optionalInteger(body, 'max_completion_tokens') ?? optionalInteger(body, 'max_tokens'),
    temperature: optionalNumber(body, 'temperature'),
    topP: optionalNumber(body, 'top_p'),
    topK: optionalInteger(body, 'top_k'),
    stop: readStop(body),
    seed: optionalInteger(body, 'seed'),
    presencePenalty: optionalNumber(body, 'presence_penalty'),
    frequencyPenalty: optionalNumber(body, 'frequency_penalty'),
    logprobs: readLogprobs(body),
    count: optionalInteger(body, 'n'),
  })
}

function readStop(body: JsonObject): string[] | undefined {
  if (typeof body['stop'] === 'string') return [body['stop']]
  return optionalArray(body, 'stop')?.map((item, index) => {
    if (typeof item === 'string') return item
    throw wrongType(pathOf('stop', index), 'a string', item)
  })
}

/** Legacy completions give a number here; they carry it beside (openai-completions). */
function readLogprobs(body: JsonObject): ChatRequest['logprobs'] {
  if (typeof body['logprobs'] === 'number' || optionalBoolean(body, 'logprobs') !== true) return undefined
  return given({ top: optionalInteger(body, 'top_logprobs') })
}

const carried = new Set([
  'model',
  'messages',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'n',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'include_reasoning',
  'thinking',
  'verbosity',
  'service_tier',
  'user',
  'safety_identifier',
  'web_search_options',
  'prompt_cache_key',
])

function isCarried(name: string): boolean {
  return carried.has(name)
}

/** Members whose loss changes nothing: absent ones, the gateway's own, and those that only say the default. */
export function isHarmless(name: string, body: JsonObject): boolean {
  const value = body[name]
  if (value === null || value === undefined) return true
  if (name === 'stream_options' || name === 'x-gateway') return true
  if (name === 'store') return value === false
  if (name === 'modalities') return JSON.stringify(value) === '["text"]'
  const object = asObject(value)
  return object !== undefined && Object.keys(object).length === 0
}
