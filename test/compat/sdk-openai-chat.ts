import OpenAI, { APIError } from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions'
import { asArray, asString, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import {
  apiKey,
  clockDescription,
  clockName,
  clockSchema,
  pdfName,
  reportName,
  reportZod,
  weatherDescription,
  weatherName,
  weatherSchema,
} from './questions.ts'
import { type Answered, type Ask, type Explained, type Facts, finishIn, type Next, type Sdk } from './sdk.ts'

export const openaiChatSdk: Sdk = {
  name: '`openai`, chat',
  packages: ['openai'],
  dialect: 'openai-chat',
  lacks: { count: 'Chat Completions has no counting of tokens.' },
  open: ({ url, model }) => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
    return {
      ask: (ask) => converse(client, model, ask, firstMessages(ask)),
      models: async () => (await client.models.list()).data.map(({ id }) => id),
      explain: explainOpenai,
    }
  },
}

export function explainOpenai(error: unknown): Explained {
  if (!(error instanceof APIError)) throw error
  const retryAfter = error.headers?.get('retry-after')
  return {
    status: error.status as number | undefined,
    message: error.message,
    kind: error.type,
    retryAfterSeconds: typeof retryAfter === 'string' ? Number(retryAfter) : undefined,
  }
}

function firstMessages({ system, text, image, file }: Ask): ChatCompletionMessageParam[] {
  const parts: ChatCompletionContentPart[] = [{ type: 'text', text }]
  if (image !== undefined) parts.push({ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } })
  if (file !== undefined)
    parts.push({ type: 'file', file: { filename: pdfName, file_data: `data:application/pdf;base64,${file}` } })
  return [
    ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
    { role: 'user', content: parts.length === 1 ? text : parts },
  ]
}

async function converse(
  client: OpenAI,
  model: string,
  ask: Ask,
  messages: ChatCompletionMessageParam[],
): Promise<Answered> {
  const params: ChatCompletionCreateParamsNonStreaming = { model, messages, ...knobs(ask) }
  const options = ask.signal === undefined ? {} : { signal: ask.signal }
  let answer: ChatCompletion
  if (ask.schema === true) answer = await client.chat.completions.parse({ ...params, ...format }, options)
  else if (!ask.stream) answer = await client.chat.completions.create(params, options)
  else {
    const wanted = { ...params, stream: true, stream_options: { include_usage: true } } as const
    answer = await gather(await client.chat.completions.create(wanted, options), ask)
  }
  const message = answer.choices[0]?.message
  if (message === undefined) throw new Error('there is no choice')
  return {
    facts: factsOf(answer, message),
    goOn: (next, other = model) => {
      return converse(client, other, ask, [...messages, message, ...nextMessages(next, message)])
    },
  }
}

function nextMessages(next: Next, { tool_calls: calls = [] }: ChatCompletionMessage): ChatCompletionMessageParam[] {
  if ('text' in next) return [{ role: 'user', content: next.text }]
  return next.results.map((content, index) => ({ role: 'tool', tool_call_id: calls[index]?.id ?? '', content }))
}

const format = { response_format: zodResponseFormat(reportZod, reportName) }

const tools: ChatCompletionTool[] = [
  { type: 'function', function: { name: weatherName, description: weatherDescription, parameters: weatherSchema } },
  { type: 'function', function: { name: clockName, description: clockDescription, parameters: clockSchema } },
]

function knobs(ask: Ask): Partial<ChatCompletionCreateParamsNonStreaming> {
  return {
    ...(ask.tools === undefined ? {} : { tools }),
    ...(ask.tools === 'required' ? { tool_choice: 'required' } : {}),
    ...(ask.stop === undefined ? {} : { stop: ask.stop }),
    ...(ask.maxTokens === undefined ? {} : { max_completion_tokens: ask.maxTokens }),
    ...(ask.think === true ? { reasoning_effort: 'low' } : {}),
  }
}

/** The library hands out chunks; whoever wants extra members of a compatible server puts them together by hand. */
async function gather(chunks: AsyncIterable<ChatCompletionChunk>, ask: Ask): Promise<ChatCompletion> {
  const message = { role: 'assistant', content: null, refusal: null } as ChatCompletionMessage & JsonObject
  let whole: JsonObject = {}
  for await (const { choices, usage, ...head } of chunks) {
    const { delta, finish_reason: finish } = choices[0] ?? {}
    whole = { ...whole, ...(head as JsonObject), ...(usage ? { usage: usage as unknown as Json } : {}) }
    if (finish) whole['finish_reason'] = finish
    addDelta(message, (delta ?? {}) as JsonObject)
    if (delta?.content) ask.onPiece?.(delta.content)
  }
  const choices = [{ index: 0, message, logprobs: null, finish_reason: whole['finish_reason'] }]
  return { ...whole, choices } as unknown as ChatCompletion
}

function addDelta(message: JsonObject, delta: JsonObject): void {
  for (const [member, value] of Object.entries(delta)) {
    const before = message[member]
    if (member === 'tool_calls') message[member] = addCalls(asArray(before) ?? [], asArray(value) ?? [])
    else if (Array.isArray(value)) message[member] = [...(asArray(before) ?? []), ...value]
    else if (typeof value === 'string' && member !== 'role') message[member] = (asString(before) ?? '') + value
  }
}

function addCalls(calls: Json[], deltas: Json[]): Json[] {
  for (const { index, ...delta } of deltas as JsonObject[]) {
    const at = Number(index)
    const call = (calls[at] ?? {}) as JsonObject
    const inner = (call['function'] ?? {}) as JsonObject
    const more = (delta['function'] ?? {}) as JsonObject
    const text = (asString(inner['arguments']) ?? '') + (asString(more['arguments']) ?? '')
    calls[at] = { ...call, ...delta, function: { ...inner, ...more, arguments: text } }
  }
  return calls
}

const finishes = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' }

function factsOf({ choices, usage }: ChatCompletion, message: ChatCompletionMessage): Facts {
  const calls = (message.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [call.function] : []))
  return {
    text: message.content ?? '',
    thinking: asString((message as unknown as JsonObject)['reasoning_content']) ?? '',
    calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) as JsonObject })),
    finish: finishIn(finishes, choices[0]?.finish_reason),
    usage: {
      input: usage?.prompt_tokens ?? -1,
      output: usage?.completion_tokens ?? -1,
      cacheRead: usage?.prompt_tokens_details?.cached_tokens ?? 0,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    },
    object: (message as { parsed?: JsonObject }).parsed,
  }
}
