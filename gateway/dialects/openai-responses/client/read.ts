import { asArray, asObject, isObject, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, Message, ToolChoice, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { GatewayError } from '../../../errors.ts'
import { optionalBoolean, optionalInteger, optionalNumber, optionalString, unsupported } from '../../expect.ts'
import { readModel } from '../../openai-chat/client/read.ts'
import { asksForCompaction } from './compaction.ts'
import { readInput } from './read-input.ts'
import { readOutput, readReasoning } from './read-settings.ts'
import { readToolChoice } from './read-tool-choice.ts'
import { readTools } from './read-tools.ts'

/** A Responses request -> canonical form. Throws GatewayError naming the member that is wrong. */
export function readResponses(body: JsonObject): Loss<ChatRequest> {
  refuseServerState(body)
  const warnings: Warning[] = []
  const { tools, hostedTools, names } = readTools(body)
  const uncarried = Object.keys(body).filter((name) => !carried.has(name) && !isHarmless(name, body))
  const value: ChatRequest = {
    model: readModel(body),
    messages: [...readInstructions(body), ...readInput(body, { names, warnings })],
    stream: optionalBoolean(body, 'stream') ?? false,
    ...given({
      tools: tools.length === 0 ? undefined : tools,
      hostedTools: hostedTools.length === 0 ? undefined : hostedTools,
      toolChoice: asksForCompaction(body) ? noCalls : readToolChoice(body, { names, warnings }),
      parallelToolCalls: optionalBoolean(body, 'parallel_tool_calls'),
      maxOutputTokens: optionalInteger(body, 'max_output_tokens'),
      temperature: optionalNumber(body, 'temperature'),
      topP: optionalNumber(body, 'top_p'),
      logprobs: readLogprobs(body),
      output: readOutput(body),
      verbosity: optionalString(asObject(body['text']) ?? {}, 'verbosity', 'text'),
      reasoning: readReasoning(body, warnings),
      serviceTier: optionalString(body, 'service_tier'),
      promptCacheKey: optionalString(body, 'prompt_cache_key'),
      user: nonEmpty(optionalString(body, 'safety_identifier')) ?? nonEmpty(optionalString(body, 'user')),
      uncarried: uncarried.length === 0 ? undefined : uncarried,
    }),
  }
  return { value, warnings }
}

const noCalls: ToolChoice = { type: 'none' }

/** What only lives at OpenAI. An earlier response that the gateway has was put in place before (pipeline/recall.ts). */
function refuseServerState(body: JsonObject): void {
  const previous = optionalString(body, 'previous_response_id')
  if (previous !== undefined) throw previousNotFound(previous)
  if (optionalBoolean(body, 'background') === true) {
    throw unsupported('background', 'is not possible here: ask without it, and stream the answer if it takes long.')
  }
  for (const name of ['conversation', 'prompt']) {
    if ((body[name] ?? undefined) !== undefined) {
      throw unsupported(name, 'refers to what only OpenAI keeps: send its content in "input" and "instructions".')
    }
  }
}

/** In OpenAI's words; clients that know the code send the whole conversation again. */
export function previousNotFound(id: string): GatewayError {
  const text =
    `Previous response with id '${id.slice(0, 100)}' not found. The gateway keeps responses for a limited time and ` +
    'only those it translated; send the whole conversation in "input" instead.'
  return new GatewayError('previous_response_not_found', text, { param: 'previous_response_id' })
}

function readInstructions(body: JsonObject): Message[] {
  const text = nonEmpty(optionalString(body, 'instructions'))
  return text === undefined ? [] : [{ role: 'system', parts: [{ type: 'text', text }] }]
}

function readLogprobs(body: JsonObject): ChatRequest['logprobs'] {
  const top = optionalInteger(body, 'top_logprobs')
  const included = asArray(body['include'])?.includes('message.output_text.logprobs') === true
  return top === undefined && !included ? undefined : given({ top })
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

const carried = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'max_output_tokens',
  'temperature',
  'top_p',
  'top_logprobs',
  'text',
  'reasoning',
  'service_tier',
  'prompt_cache_key',
  'safety_identifier',
  'user',
])

/** What says how the answer is kept, cached or told, not what it is to be. */
const harmless = new Set([
  'include',
  'store',
  'metadata',
  'client_metadata',
  'stream_options',
  'background',
  'prompt_cache_retention',
  'prompt_cache_options',
  'x-gateway',
])

/** Members whose loss changes nothing: absent ones, the gateway's own, and those that only say the default. */
function isHarmless(name: string, body: JsonObject): boolean {
  const value = body[name]
  if (value === null || value === undefined || harmless.has(name)) return true
  if (name === 'truncation') return value === 'disabled'
  return isObject(value) && Object.keys(value).length === 0
}
