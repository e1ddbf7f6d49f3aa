import { asArray, asObject, asString, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { finishOf, type ScriptedAnswer, usualUsage } from './scripted-answer.ts'
import { type AnswerAbout, sse } from './scripted-dialect.ts'
import { slices } from './upstream-slices.ts'

export function responsesWhole(answer: ScriptedAnswer, about: AnswerAbout): JsonObject {
  return finished(answer, about, itemsOf(answer, about), 'resp_scripted')
}

/** The events of the public list, numbered; there is no [DONE]. */
export function responsesStream(answer: ScriptedAnswer, about: AnswerAbout): string[] {
  const begun = { ...opening(about, 'resp_scripted'), status: 'in_progress', output: [] }
  const items = itemsOf(answer, about)
  const last = finished(answer, about, items, 'resp_scripted')
  const events: JsonObject[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...items.flatMap(itemEvents),
    { type: `response.${words(last['status'])}`, response: last },
  ]
  return events.map((event, index) => sse({ ...event, sequence_number: index }, words(event['type'])))
}

function opening({ model, request }: AnswerAbout, id: string): JsonObject {
  return {
    id,
    object: 'response',
    created_at: 1_750_000_000,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    model,
    output: [],
    parallel_tool_calls: request['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    reasoning: request['reasoning'] ?? { effort: null, summary: null },
    store: request['store'] ?? true,
    temperature: request['temperature'] ?? 1,
    text: request['text'] ?? { format: { type: 'text' } },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: request['tools'] ?? [],
    top_p: request['top_p'] ?? 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: {},
  }
}

function finished(answer: ScriptedAnswer, about: AnswerAbout, items: JsonObject[], id: string): JsonObject {
  const isCut = finishOf(answer) === 'length'
  return {
    ...opening(about, id),
    ...(isCut ? { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } } : {}),
    output: items,
    usage: usageOf(answer),
  }
}

/** Reasoning is encrypted where it was asked for; what follows it is bound to it by its id. */
function itemsOf({ thinking, text, calls = [] }: ScriptedAnswer, { request, issued }: AnswerAbout): JsonObject[] {
  const items: JsonObject[] = []
  if (thinking !== undefined) {
    const isAsked = asArray(request['include'])?.includes('reasoning.encrypted_content') === true
    items.push({
      id: issued.id('rs_'),
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: thinking }],
      ...(isAsked ? { encrypted_content: issued.sign(thinking) } : {}),
    })
  }
  if (text !== undefined) {
    const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }]
    items.push({ id: issued.id('msg_'), type: 'message', role: 'assistant', status: 'completed', content })
  }
  for (const call of calls) {
    items.push({
      id: issued.id('fc_'),
      type: 'function_call',
      call_id: issued.id('call_'),
      name: call.name,
      arguments: JSON.stringify(call.arguments),
      status: 'completed',
    })
  }
  if (thinking !== undefined && items[1] !== undefined) issued.bind(words(items[1]['id']))
  return items
}

function itemEvents(item: JsonObject, index: number): JsonObject[] {
  const at = { item_id: item['id'], output_index: index }
  const added = (empty: JsonObject): JsonObject => ({
    type: 'response.output_item.added',
    output_index: index,
    item: { ...item, ...empty, ...(item['type'] === 'reasoning' ? {} : { status: 'in_progress' }) },
  })
  const done: JsonObject = { type: 'response.output_item.done', output_index: index, item }
  if (item['type'] === 'reasoning') return [added({ summary: [] }), ...summaryEvents(item, at), done]
  if (item['type'] === 'message') return [added({ content: [] }), ...textEvents(item, at), done]
  return [added({ arguments: '' }), ...argumentEvents(item, at), done]
}

function summaryEvents(item: JsonObject, at: JsonObject): JsonObject[] {
  const here = { ...at, summary_index: 0 }
  const text = words(asObject(asArray(item['summary'])?.[0])?.['text'])
  const part = (words: string) => ({ part: { type: 'summary_text', text: words } })
  return [
    { type: 'response.reasoning_summary_part.added', ...here, ...part('') },
    ...slices(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...here, delta })),
    { type: 'response.reasoning_summary_text.done', ...here, text },
    { type: 'response.reasoning_summary_part.done', ...here, ...part(text) },
  ]
}

function textEvents(item: JsonObject, at: JsonObject): JsonObject[] {
  const here = { ...at, content_index: 0 }
  const whole = asObject(asArray(item['content'])?.[0]) ?? {}
  const text = words(whole['text'])
  return [
    { type: 'response.content_part.added', ...here, part: { ...whole, text: '' } },
    ...slices(text).map((delta) => ({ type: 'response.output_text.delta', ...here, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...here, text, logprobs: [] },
    { type: 'response.content_part.done', ...here, part: whole },
  ]
}

function argumentEvents(item: JsonObject, at: JsonObject): JsonObject[] {
  const all = words(item['arguments'])
  return [
    ...slices(all).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
    { type: 'response.function_call_arguments.done', ...at, name: item['name'], arguments: all },
  ]
}

function usageOf({ usage = usualUsage }: ScriptedAnswer): JsonObject {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.input + usage.output,
  }
}

function words(value: Json | undefined): string {
  return asString(value) ?? ''
}
