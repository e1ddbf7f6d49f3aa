import OpenAI from 'openai'
import type { ChatCompletion } from 'openai/resources/chat/completions'
import { answering, finishIn, isStreamed, type Reader, type Reading } from './reading.ts'

/** `openai`: Chat Completions, by its stream helper where the answer is a stream. */
export const readWithChat: Reader = async (answer) => {
  const client = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: answering(answer) })
  const messages = [{ role: 'user' as const, content: 'hello' }]
  if (!isStreamed(answer)) return readingOf(await client.chat.completions.create({ model: 'm', messages }))
  const stream = client.chat.completions.stream({ model: 'm', messages, stream_options: { include_usage: true } })
  let thinking = ''
  stream.on('chunk', ({ choices }) => {
    const first = choices.find(({ index }) => index === 0)?.delta as { reasoning_content?: string } | undefined
    thinking += first?.reasoning_content ?? ''
  })
  return readingOf(await stream.finalChatCompletion(), thinking)
}

/** `streamedThinking`: of a stream, whose helper keeps only the last piece of members it does not know. */
function readingOf({ choices, usage }: ChatCompletion, streamedThinking?: string): Reading {
  const [choice] = choices
  if (choice === undefined) throw new Error('an answer without choices')
  const { message } = choice
  const { reasoning_content: thinking = '' } = message as { reasoning_content?: string }
  const calls = (message.tool_calls ?? []).map((call) =>
    call.type === 'function'
      ? { id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) as unknown }
      : { id: call.id, name: call.custom.name, arguments: { input: call.custom.input } },
  )
  return {
    text: message.content ?? '',
    refusal: message.refusal ?? '',
    thinking: streamedThinking ?? thinking,
    calls,
    finish: finishIn(finishes, choice.finish_reason),
    usage:
      usage === undefined || usage === null
        ? undefined
        : {
            input: usage.prompt_tokens,
            output: usage.completion_tokens,
            cacheRead: usage.prompt_tokens_details?.cached_tokens ?? 0,
            reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
          },
  }
}

const finishes = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
} as const
