import Anthropic from '@anthropic-ai/sdk'
import type { Message } from '@anthropic-ai/sdk/resources/messages'
import { answering, finishIn, isStreamed, type Reader, type Reading } from './reading.ts'

/** `@anthropic-ai/sdk`, by its MessageStream where the answer is a stream. */
export const readWithMessages: Reader = async (answer) => {
  const client = new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: answering(answer) })
  const request = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'hello' }] }
  if (!isStreamed(answer)) return readingOf(await client.messages.create(request))
  return readingOf(await client.messages.stream(request).finalMessage())
}

function readingOf({ content, stop_reason: word, stop_details: details, usage }: Message): Reading {
  const cacheRead = usage.cache_read_input_tokens ?? 0
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    refusal: details?.explanation ?? '',
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: block.input }] : [],
    ),
    finish: finishIn(finishes, word),
    usage: {
      input: usage.input_tokens + cacheRead + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      cacheRead,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
  }
}

const finishes = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  pause_turn: 'other',
} as const
