import OpenAI from 'openai'
import type { Response as OpenAiResponse, ResponseOutputItem } from 'openai/resources/responses/responses'
import type { UnifiedFinish } from '../../../gateway/chat/finish.ts'
import { answering, finishIn, isStreamed, type Reader, type Reading } from './reading.ts'

/** `openai`: Responses, by its stream helper where the answer is a stream. */
export const readWithResponses: Reader = async (answer) => {
  const client = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: answering(answer) })
  if (!isStreamed(answer)) return readingOf(await client.responses.create({ model: 'm', input: 'hello' }))
  const stream = client.responses.stream({ model: 'm', input: 'hello' })
  // The helper itself takes an `error` event for one more event, and ends without a response.
  stream.on('event', (event) => {
    if (event.type === 'error') throw new Error(event.message)
  })
  return readingOf(await stream.finalResponse())
}

function readingOf(response: OpenAiResponse): Reading {
  if (response.error !== null && response.error !== undefined) throw new Error(response.error.message)
  const calls = response.output.flatMap(callOf)
  return {
    text: response.output.map((item) => saidIn(item, 'text')).join(''),
    refusal: response.output.map((item) => saidIn(item, 'refusal')).join(''),
    thinking: response.output.map(thinkingOf).join(''),
    calls,
    finish: finishOf(response, calls.length > 0),
    usage:
      response.usage === undefined || response.usage === null
        ? undefined
        : {
            input: response.usage.input_tokens,
            output: response.usage.output_tokens,
            cacheRead: response.usage.input_tokens_details.cached_tokens,
            reasoning: response.usage.output_tokens_details.reasoning_tokens,
          },
  }
}

function saidIn(item: ResponseOutputItem, kind: 'text' | 'refusal'): string {
  if (item.type !== 'message') return ''
  const said = item.content.map((part) =>
    part.type === 'output_text' ? { text: part.text, refusal: '' } : { text: '', refusal: part.refusal },
  )
  return said.map((part) => part[kind]).join('')
}

function thinkingOf(item: ResponseOutputItem): string {
  return item.type === 'reasoning' ? item.summary.map(({ text }) => text).join('') : ''
}

function callOf(item: ResponseOutputItem): Reading['calls'] {
  if (item.type === 'function_call')
    return [{ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) as unknown }]
  if (item.type === 'custom_tool_call') return [{ id: item.call_id, name: item.name, arguments: { input: item.input } }]
  return []
}

function finishOf({ status, incomplete_details: why }: OpenAiResponse, called: boolean): UnifiedFinish {
  if (status === 'completed') return called ? 'tool-calls' : 'stop'
  return finishIn({ max_output_tokens: 'length', content_filter: 'content-filter' }, why?.reason)
}
