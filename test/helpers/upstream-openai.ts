import { isObject, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import {
  type Answer,
  defaultUsage,
  type Finish,
  type Renderer,
  type StreamPiece,
  type ToolCall,
} from './upstream-answer.ts'
import type { Exchange } from './upstream-exchange.ts'
import { slices } from './upstream-slices.ts'

const finishes: Record<Finish, string> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
}

/** What Azure hangs on every choice. */
const filterResults = { hate: { filtered: false, severity: 'safe' } }

/** OpenAI Chat Completions, with Azure's decorations on Azure's paths. */
export const openaiChat: Renderer = {
  whole: (answer, exchange) => ({
    ...about('chat.completion', exchange),
    choices: indices(exchange).map((index) => ({
      index,
      message: message(answer),
      finish_reason: finishOf(answer),
      logprobs: null,
      ...(exchange.route.azure ? { content_filter_results: filterResults } : {}),
    })),
    ...(answer.noUsage === true ? {} : { usage: usageOf(answer) }),
  }),
  stream: (answer, exchange) => [
    ...(exchange.route.azure ? [promptFilterChunk()] : []),
    ...indices(exchange).flatMap((index) => choiceChunks(answer, exchange, index)),
    ...usageChunk(answer, exchange),
    { data: '[DONE]', content: false },
  ],
}

/** The legacy Completions API. */
export const openaiCompletions: Renderer = {
  whole: (answer, exchange) => ({
    ...about('text_completion', exchange),
    choices: indices(exchange).map((index) => ({
      index,
      text: answer.text ?? '',
      logprobs: null,
      finish_reason: finishOf(answer),
    })),
    ...(answer.noUsage === true ? {} : { usage: usageOf(answer) }),
  }),
  stream: (answer, exchange) => {
    const chunk = (words: string, finish: string | null): StreamPiece => ({
      data: JSON.stringify({
        ...about('text_completion', exchange),
        choices: [{ index: 0, text: words, logprobs: null, finish_reason: finish }],
      }),
      content: words !== '',
    })
    return [
      ...slices(answer.text ?? '').map((words) => chunk(words, null)),
      chunk('', finishOf(answer)),
      ...usageChunk(answer, exchange, 'text_completion'),
      { data: '[DONE]', content: false },
    ]
  },
}

function about(object: string, { route }: Exchange): JsonObject {
  return {
    id: object === 'text_completion' ? 'cmpl-fake' : 'chatcmpl-fake',
    object,
    created: 1_700_000_000,
    model: route.model,
    service_tier: 'default',
    system_fingerprint: 'fp_fake',
  }
}

function indices({ request: { body } }: Exchange): number[] {
  return Array.from({ length: typeof body['n'] === 'number' ? body['n'] : 1 }, (_, index) => index)
}

function message({ text, refusal, reasoning, toolCalls }: Answer): JsonObject {
  return {
    role: 'assistant',
    content: text ?? null,
    refusal: refusal ?? null,
    annotations: [],
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls.map(wholeCall) }),
  }
}

function wholeCall({ id, name, arguments: json }: ToolCall): JsonObject {
  return { id, type: 'function', function: { name, arguments: json } }
}

function finishOf({ finish = 'stop', rawFinish }: Answer): string {
  return rawFinish ?? finishes[finish]
}

function choiceChunks(answer: Answer, exchange: Exchange, index: number): StreamPiece[] {
  const chunk = (delta: JsonObject, finish: string | null = null) => deltaChunk(exchange, { index, delta, finish })
  return [
    chunk({ role: 'assistant', content: answer.text === undefined ? null : '', refusal: null }),
    ...slices(answer.reasoning ?? '').map((words) => chunk({ reasoning_content: words })),
    ...slices(answer.text ?? '').map((words) => chunk({ content: words })),
    ...slices(answer.refusal ?? '').map((words) => chunk({ refusal: words })),
    ...(answer.toolCalls ?? []).flatMap((call, at) => callDeltas(call, at).map((delta) => chunk(delta))),
    chunk({}, finishOf(answer)),
  ]
}

/** Id, type and name come with the first delta of a call only; the rest are fragments of its arguments. */
function callDeltas({ id, name, arguments: json }: ToolCall, index: number): JsonObject[] {
  const first = { index, id, type: 'function', function: { name, arguments: '' } }
  const rest = slices(json).map((fragment) => ({ index, function: { arguments: fragment } }))
  return [first, ...rest].map((call) => ({ tool_calls: [call] }))
}

function deltaChunk(
  exchange: Exchange,
  { index, delta, finish }: { index: number; delta: JsonObject; finish: string | null },
): StreamPiece {
  const choice = { index, delta, logprobs: null, finish_reason: finish }
  const filtered = exchange.route.azure ? { content_filter_results: finish === null ? {} : filterResults } : {}
  return {
    data: JSON.stringify({
      ...about('chat.completion.chunk', exchange),
      choices: [{ ...choice, ...filtered }],
      ...(wantsUsage(exchange) ? { usage: null } : {}),
      obfuscation: 'x7Kp',
    }),
    content: delta['role'] === undefined && finish === null,
  }
}

/** Azure begins a stream with a chunk that names neither itself nor its model. */
function promptFilterChunk(): StreamPiece {
  const results = [{ prompt_index: 0, content_filter_results: filterResults }]
  const chunk = { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: results }
  return { data: JSON.stringify(chunk), content: false }
}

function usageChunk(answer: Answer, exchange: Exchange, object = 'chat.completion.chunk'): StreamPiece[] {
  if (answer.noUsage === true || !wantsUsage(exchange)) return []
  const chunk = { ...about(object, exchange), choices: [], usage: usageOf(answer) }
  return [{ data: JSON.stringify(chunk), content: false }]
}

function wantsUsage({ request: { body } }: Exchange): boolean {
  const options: Json | undefined = body['stream_options']
  return isObject(options) && options['include_usage'] === true
}

function usageOf({ usage = defaultUsage }: Answer): JsonObject {
  const { input, output, cacheRead = 0, cacheWrite, reasoning = 0 } = usage
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: cacheRead,
      audio_tokens: 0,
      ...(cacheWrite === undefined ? {} : { cache_write_tokens: cacheWrite }),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
