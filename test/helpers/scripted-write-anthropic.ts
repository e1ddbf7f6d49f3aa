import { asString, type JsonObject } from '../../gateway/chat/json.ts'
import { finishOf, type ScriptedAnswer, type ScriptedFinish, usualUsage } from './scripted-answer.ts'
import { type AnswerAbout, sse } from './scripted-dialect.ts'
import { slices } from './upstream-slices.ts'

const finishes: Record<ScriptedFinish, string> = { stop: 'end_turn', length: 'max_tokens', 'tool-calls': 'tool_use' }

export function anthropicWhole(answer: ScriptedAnswer, about: AnswerAbout): JsonObject {
  return { ...head(about), content: blocksOf(answer, about), ...ending(answer), usage: usageOf(answer) }
}

export function anthropicStream(answer: ScriptedAnswer, about: AnswerAbout): string[] {
  const usage = { ...usageOf(answer), output_tokens: 1 }
  const start = { ...head(about), content: [], stop_reason: null, stop_sequence: null, usage }
  const events: JsonObject[] = [
    { type: 'message_start', message: start },
    { type: 'ping' },
    ...blocksOf(answer, about).flatMap(blockEvents),
    { type: 'message_delta', delta: ending(answer), usage: usageOf(answer) },
    { type: 'message_stop' },
  ]
  return events.map((event) => sse(event, asString(event['type'])))
}

function head({ model }: AnswerAbout): JsonObject {
  return { id: 'msg_scripted', type: 'message', role: 'assistant', model, container: null }
}

function ending(answer: ScriptedAnswer): JsonObject {
  const { stopSequence } = answer
  if (stopSequence !== undefined) return { stop_reason: 'stop_sequence', stop_sequence: stopSequence }
  return { stop_reason: finishes[finishOf(answer)], stop_sequence: null }
}

function blocksOf({ thinking, text, calls = [] }: ScriptedAnswer, { issued }: AnswerAbout): JsonObject[] {
  return [
    ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: issued.sign(thinking) }]),
    ...(text === undefined ? [] : [{ type: 'text', text, citations: null }]),
    ...calls.map((call) => ({ type: 'tool_use', id: issued.id('toolu_'), name: call.name, input: call.arguments })),
  ]
}

function blockEvents(block: JsonObject, index: number): JsonObject[] {
  return [
    { type: 'content_block_start', index, content_block: emptied(block) },
    ...deltasOf(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

function emptied(block: JsonObject): JsonObject {
  if (block['type'] === 'thinking') return { type: 'thinking', thinking: '', signature: '' }
  return block['type'] === 'text' ? { ...block, text: '' } : { ...block, input: {} }
}

function deltasOf(block: JsonObject): JsonObject[] {
  if (block['type'] === 'text')
    return slices(asString(block['text']) ?? '').map((text) => ({ type: 'text_delta', text }))
  if (block['type'] === 'tool_use') {
    const fragments = ['', ...slices(JSON.stringify(block['input']))]
    return fragments.map((fragment) => ({ type: 'input_json_delta', partial_json: fragment }))
  }
  return [
    ...slices(asString(block['thinking']) ?? '').map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature: block['signature'] },
  ]
}

/** `input_tokens` excludes what came from the cache. */
function usageOf({ usage = usualUsage }: ScriptedAnswer): JsonObject {
  const { input, output, cacheRead = 0, reasoning } = usage
  return {
    input_tokens: input - cacheRead,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: 'standard',
    ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
  }
}
