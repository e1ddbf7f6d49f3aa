import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  missing,
  optionalArray,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalObject,
  optionalString,
  pathOf,
  requiredString,
  wrongType,
} from '../../expect.ts'
import { readMessages } from './read-messages.ts'
import { readOutput } from './read-output.ts'
import { readReasoning } from './read-reasoning.ts'
import { readTools } from './read-tools.ts'

/**
 * A Messages request -> canonical form. Throws GatewayError naming the member that is wrong. `max_tokens`, which
 * Anthropic demands, may be absent: other providers have a limit of their own.
 */
export function readRequest(body: JsonObject): Loss<ChatRequest> {
  const warnings: Warning[] = []
  const uncarried = Object.keys(body).filter((name) => !carried.has(name) && !isHarmless(name, body))
  const value: ChatRequest = {
    model: readModel(body),
    messages: readMessages(body, warnings),
    stream: optionalBoolean(body, 'stream') ?? false,
    ...readTools(body, warnings),
    ...given({
      maxOutputTokens: optionalInteger(body, 'max_tokens'),
      temperature: optionalNumber(body, 'temperature'),
      topP: optionalNumber(body, 'top_p'),
      topK: optionalInteger(body, 'top_k'),
      stop: readStop(body),
      output: readOutput(body, warnings),
      reasoning: readReasoning(body, warnings),
      serviceTier: optionalString(body, 'service_tier'),
      user: optionalString(optionalObject(body, 'metadata') ?? {}, 'user_id', 'metadata'),
      uncarried: uncarried.length === 0 ? undefined : uncarried,
    }),
  }
  return { value, warnings }
}

function readModel(body: JsonObject): string {
  const model = requiredString(body, 'model')
  if (model === '') throw missing('model')
  return model
}

function readStop(body: JsonObject): string[] | undefined {
  return optionalArray(body, 'stop_sequences')?.map((item, index) => {
    if (typeof item === 'string') return item
    throw wrongType(pathOf('stop_sequences', index), 'a string', item)
  })
}

const carried = new Set([
  'model',
  'messages',
  'system',
  'stream',
  'tools',
  'tool_choice',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'service_tier',
  'cache_control',
])

/** Members whose loss changes nothing: absent and empty ones, the gateway's own, and those that only say the default. */
function isHarmless(name: string, body: JsonObject): boolean {
  const value = body[name]
  if (value === null || value === undefined || name === 'x-gateway') return true
  if (name === 'speed') return value === 'standard'
  return typeof value === 'object' && Object.keys(value).length === 0
}
