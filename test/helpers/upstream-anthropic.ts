import { asObject, asString, type Json, type JsonObject, parseJson } from '../../gateway/chat/json.ts'
import { type Answer, defaultUsage, type Finish, type Renderer, type StreamPiece } from './upstream-answer.ts'
import type { Exchange } from './upstream-exchange.ts'
import { slices } from './upstream-slices.ts'

const finishes: Record<Finish, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
}

/** What a thinking block is signed with; it must come back byte-exact. */
export const thinkingSignature = 'EqQBCgIYAhIM+fake/signature=='

/** Anthropic Messages. */
export const anthropic: Renderer = {
  whole: (answer, exchange) => ({
    ...about(exchange),
    content: blocks(answer, exchange),
    ...ending(answer),
    ...(answer.noUsage === true ? {} : { usage: usageOf(answer) }),
  }),
  stream: (answer, exchange) => [
    piece({ type: 'message_start', message: opening(answer, exchange) }),
    piece({ type: 'ping' }),
    ...blocks(answer, exchange).flatMap(blockEvents),
    piece({
      type: 'message_delta',
      delta: ending(answer),
      // Cumulative: the last word on every count.
      ...(answer.noUsage === true ? {} : { usage: { output_tokens: usageOf(answer)['output_tokens'] } }),
    }),
    piece({ type: 'message_stop' }),
  ],
}

function about({ route }: Exchange): JsonObject {
  return { id: 'msg_fake', type: 'message', role: 'assistant', model: route.model, container: null }
}

function opening(answer: Answer, exchange: Exchange): JsonObject {
  const usage = answer.noUsage === true ? {} : { usage: { ...usageOf(answer), output_tokens: 1 } }
  return { ...about(exchange), content: [], stop_reason: null, stop_sequence: null, ...usage }
}

function ending({ finish = 'stop', rawFinish, refusal }: Answer): JsonObject {
  const details = { type: 'refusal', category: 'cyber', explanation: refusal }
  if (refusal !== undefined) return { stop_reason: 'refusal', stop_sequence: null, stop_details: details }
  return { stop_reason: rawFinish ?? finishes[finish], stop_sequence: null, stop_details: null }
}

/** A refusal has no content block at all (recorded so). */
function blocks(answer: Answer, exchange: Exchange): JsonObject[] {
  const { reasoning, text, toolCalls = [] } = answer
  const forced = answer.isJson === true ? forcedTool(exchange) : undefined
  return [
    ...(reasoning === undefined ? [] : [{ type: 'thinking', thinking: reasoning, signature: thinkingSignature }]),
    ...(text === undefined || forced !== undefined ? [] : [{ type: 'text', text }]),
    ...(forced === undefined ? [] : [toolUse('toolu_json', forced, text ?? '{}')]),
    ...toolCalls.map(({ id, name, arguments: json }) => toolUse(id, name, json)),
  ]
}

function toolUse(id: string, name: string, json: string): JsonObject {
  return { type: 'tool_use', id, name, input: parseJson(json === '' ? '{}' : json) ?? {} }
}

function forcedTool({ request: { body } }: Exchange): string | undefined {
  const choice = asObject(body['tool_choice'])
  return choice?.['type'] === 'tool' ? asString(choice['name']) : undefined
}

function blockEvents(block: JsonObject, index: number): StreamPiece[] {
  const delta = (content: JsonObject) => piece({ type: 'content_block_delta', index, delta: content }, true)
  return [
    piece({ type: 'content_block_start', index, content_block: emptied(block) }, block['type'] === 'tool_use'),
    ...deltas(block).map(delta),
    piece({ type: 'content_block_stop', index }),
  ]
}

function emptied(block: JsonObject): JsonObject {
  if (block['type'] === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  if (block['type'] === 'text') return { type: 'text', text: '' }
  return { ...block, input: {} }
}

function deltas(block: JsonObject): JsonObject[] {
  if (block['type'] === 'text') return slices(words(block['text'])).map((text) => ({ type: 'text_delta', text }))
  if (block['type'] === 'tool_use') {
    const fragments = ['', ...slices(JSON.stringify(block['input']))]
    return fragments.map((fragment) => ({ type: 'input_json_delta', partial_json: fragment }))
  }
  return [
    ...slices(words(block['thinking'])).map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature: thinkingSignature },
  ]
}

function words(value: Json | undefined): string {
  return asString(value) ?? ''
}

/** The event name is the type. */
function piece(event: JsonObject & { type: string }, content = false): StreamPiece {
  return { name: event.type, data: JSON.stringify(event), content }
}

/** input_tokens excludes what was read from and written to the cache; output_tokens includes thinking. */
function usageOf({ usage = defaultUsage }: Answer): JsonObject {
  const { input, output, cacheRead = 0, cacheWrite = 0, reasoning } = usage
  return {
    input_tokens: input - cacheRead - cacheWrite,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: 'standard',
    ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
  }
}
