import type { JsonObject } from '../../gateway/chat/json.ts'
import { sseEvent } from '../../gateway/dialects/sse.ts'
import type { ChatDialectId } from './sdk/readers.ts'

/** Characters of one to four bytes, an escaped pair, line breaks that are no line ends of the stream. */
const words = ['Wörld — ', '漢字 😀👩‍👩‍👧', '\u2028 "\\" \n', '\ud83d\ude80']
const json = '{"cïty":"Zürich 😀","deep":{"a":[1,null]}}'

/** One stream of every dialect with thoughts, text, two calls and usage: short, so that it can be cut at every byte. */
export const handmadeStreams: Record<ChatDialectId, string> = {
  'openai-chat': chat(),
  'openai-responses': responses(),
  'anthropic-messages': messages(),
  gemini: gemini(),
}

function chat(): string {
  const chunk = (delta: JsonObject, finish: string | null = null): string =>
    sseEvent(
      JSON.stringify({
        id: 'c1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta, finish_reason: finish }],
      }),
    )
  const call = (index: number, more: JsonObject): string => chunk({ tool_calls: [{ index, ...more }] })
  return [
    ': keep-alive\n\n',
    chunk({ role: 'assistant', content: '' }),
    chunk({ reasoning_content: 'Ünd 🤔' }),
    ...words.map((content) => chunk({ content })),
    call(0, { id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }),
    call(0, { function: { arguments: json.slice(0, 12) } }),
    call(0, { function: { arguments: json.slice(12) } }),
    call(1, { id: 'b', type: 'function', function: { name: 'now', arguments: '{}' } }),
    chunk({}, 'tool_calls'),
    sseEvent(
      JSON.stringify({
        id: 'c1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [],
        usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
      }),
    ),
    sseEvent('[DONE]'),
  ].join('')
}

function messages(): string {
  const event = (type: string, more: JsonObject): string => sseEvent(JSON.stringify({ type, ...more }), type)
  const block = (index: number, content: JsonObject, deltas: JsonObject[]): string =>
    event('content_block_start', { index, content_block: content }) +
    deltas.map((delta) => event('content_block_delta', { index, delta })).join('') +
    event('content_block_stop', { index })
  const message = { id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null }
  return [
    event('message_start', { message: { ...message, usage: { input_tokens: 9, output_tokens: 1 } } }),
    event('ping', {}),
    block(0, { type: 'thinking', thinking: '', signature: '' }, [
      { type: 'thinking_delta', thinking: 'Ünd 🤔' },
      { type: 'signature_delta', signature: 'c2ln' },
    ]),
    block(
      1,
      { type: 'text', text: '' },
      words.map((text) => ({ type: 'text_delta', text })),
    ),
    block(2, { type: 'tool_use', id: 'a', name: 'weather', input: {} }, [
      { type: 'input_json_delta', partial_json: json.slice(0, 12) },
      { type: 'input_json_delta', partial_json: json.slice(12) },
    ]),
    block(3, { type: 'tool_use', id: 'b', name: 'now', input: {} }, []),
    event('message_delta', { delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 5 } }),
    event('message_stop', {}),
  ].join('')
}

function responses(): string {
  let sequence = 0
  const event = (type: string, more: JsonObject): string =>
    sseEvent(JSON.stringify({ type, ...more, sequence_number: sequence++ }), type)
  const head = { id: 'r1', object: 'response', created_at: 1, model: 'm' }
  const reasoning = {
    id: 'i0',
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: 'Ünd 🤔' }],
    encrypted_content: 'ZW5j',
  }
  const message = {
    id: 'i1',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: words.join(''), annotations: [] }],
  }
  const weather = {
    id: 'i2',
    type: 'function_call',
    status: 'completed',
    call_id: 'a',
    name: 'weather',
    arguments: json,
  }
  const usage = { input_tokens: 9, output_tokens: 5, total_tokens: 14, output_tokens_details: { reasoning_tokens: 2 } }
  return [
    event('response.created', { response: { ...head, status: 'in_progress', output: [] } }),
    event('response.output_item.added', { output_index: 0, item: { ...reasoning, summary: [] } }),
    event('response.reasoning_summary_part.added', {
      item_id: 'i0',
      output_index: 0,
      summary_index: 0,
      part: { type: 'summary_text', text: '' },
    }),
    event('response.reasoning_summary_text.delta', {
      item_id: 'i0',
      output_index: 0,
      summary_index: 0,
      delta: 'Ünd 🤔',
    }),
    event('response.output_item.done', { output_index: 0, item: reasoning }),
    event('response.output_item.added', { output_index: 1, item: { ...message, content: [] } }),
    ...words.map((delta) =>
      event('response.output_text.delta', { item_id: 'i1', output_index: 1, content_index: 0, delta }),
    ),
    event('response.output_item.done', { output_index: 1, item: message }),
    event('response.output_item.added', { output_index: 2, item: { ...weather, arguments: '' } }),
    event('response.function_call_arguments.delta', { item_id: 'i2', output_index: 2, delta: json.slice(0, 12) }),
    event('response.function_call_arguments.delta', { item_id: 'i2', output_index: 2, delta: json.slice(12) }),
    event('response.output_item.done', { output_index: 2, item: weather }),
    event('response.completed', {
      response: { ...head, status: 'completed', output: [reasoning, message, weather], usage },
    }),
  ].join('')
}

function gemini(): string {
  const about = { modelVersion: 'm', responseId: 'g1', usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 5 } }
  const chunk = (parts: JsonObject[], more: JsonObject = {}): string =>
    sseEvent(JSON.stringify({ candidates: [{ content: { role: 'model', parts }, index: 0, ...more }], ...about }))
  return [
    chunk([{ text: 'Ünd 🤔', thought: true }]),
    ...words.map((text) => chunk([{ text }])),
    chunk([
      { functionCall: { name: 'weather', args: JSON.parse(json) as JsonObject }, thoughtSignature: 'c2ln' },
      { functionCall: { name: 'now', args: {} } },
    ]),
    chunk([{ text: '' }], { finishReason: 'STOP' }),
  ].join('')
}
