import { asObject, asString, type JsonObject } from '../../gateway/chat/json.ts'
import { finishOf, type ScriptedAnswer, type ScriptedFinish, usualUsage } from './scripted-answer.ts'
import { type AnswerAbout, sse } from './scripted-dialect.ts'
import { slices } from './upstream-slices.ts'

const finishes: Record<ScriptedFinish, string> = { stop: 'stop', length: 'length', 'tool-calls': 'tool_calls' }

export function chatWhole(answer: ScriptedAnswer, about: AnswerAbout): JsonObject {
  const message = {
    role: 'assistant',
    content: answer.text ?? null,
    refusal: null,
    ...(answer.thinking === undefined ? {} : { reasoning_content: answer.thinking }),
    ...(answer.calls === undefined ? {} : { tool_calls: wholeCalls(answer, about) }),
  }
  return {
    ...head('chat.completion', about),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishes[finishOf(answer)] }],
    usage: usageOf(answer),
  }
}

export function chatStream(answer: ScriptedAnswer, about: AnswerAbout): string[] {
  const start = head('chat.completion.chunk', about)
  const chunk = (delta: JsonObject, finish: string | null = null) =>
    sse({ ...start, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })
  const wantsUsage = asObject(about.request['stream_options'])?.['include_usage'] === true
  return [
    chunk({ role: 'assistant', content: answer.text === undefined ? null : '', refusal: null }),
    ...slices(answer.thinking ?? '').map((words) => chunk({ reasoning_content: words })),
    ...slices(answer.text ?? '').map((words) => chunk({ content: words })),
    ...wholeCalls(answer, about).flatMap((call, index) => callDeltas(call, index).map((delta) => chunk(delta))),
    chunk({}, finishes[finishOf(answer)]),
    ...(wantsUsage ? [sse({ ...start, choices: [], usage: usageOf(answer) })] : []),
    'data: [DONE]\n\n',
  ]
}

function head(object: string, { model }: AnswerAbout): JsonObject {
  return { id: 'chatcmpl-scripted', object, created: 1_750_000_000, model, service_tier: 'default' }
}

function wholeCalls({ calls = [] }: ScriptedAnswer, { issued }: AnswerAbout): JsonObject[] {
  return calls.map((call) => ({
    id: issued.id('call_'),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }))
}

function callDeltas(call: JsonObject, index: number): JsonObject[] {
  const inner = asObject(call['function']) ?? {}
  const first = { ...call, index, function: { ...inner, arguments: '' } }
  const rest = slices(asString(inner['arguments']) ?? '').map((fragment) => ({
    index,
    function: { arguments: fragment },
  }))
  return [first, ...rest].map((piece) => ({ tool_calls: [piece] }))
}

function usageOf({ usage = usualUsage }: ScriptedAnswer): JsonObject {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0, audio_tokens: 0 },
  }
}
