import Anthropic, { APIError } from '@anthropic-ai/sdk'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import type {
  ContentBlockParam,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages'
import type { JsonObject } from '../../gateway/chat/json.ts'
import {
  apiKey,
  clockDescription,
  clockName,
  clockSchema,
  reportZod,
  weatherDescription,
  weatherName,
  weatherSchema,
} from './questions.ts'
import { type Answered, type Ask, type Explained, type Facts, finishIn, type Next, type Sdk } from './sdk.ts'

export const anthropicSdk: Sdk = {
  name: '`@anthropic-ai/sdk`',
  packages: ['@anthropic-ai/sdk'],
  dialect: 'anthropic-messages',
  lacks: {},
  open: ({ url, model }) => {
    const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 })
    return {
      ask: (ask) => converse(client, model, ask, [firstMessage(ask)]),
      models: async () => (await client.models.list()).data.map(({ id }) => id),
      count: async (content) => {
        return (await client.messages.countTokens({ model, messages: [{ role: 'user', content }] })).input_tokens
      },
      explain,
    }
  },
}

function explain(error: unknown): Explained {
  if (!(error instanceof APIError)) throw error
  const retryAfter = (error.headers as Headers | undefined)?.get('retry-after')
  return {
    status: error.status as number | undefined,
    message: error.message,
    kind: (error.error as { error?: { type?: string } } | undefined)?.error?.type,
    retryAfterSeconds: typeof retryAfter === 'string' ? Number(retryAfter) : undefined,
  }
}

function firstMessage({ text, image, file }: Ask): MessageParam {
  const blocks: ContentBlockParam[] = [{ type: 'text', text }]
  if (image !== undefined)
    blocks.push({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } })
  if (file !== undefined)
    blocks.push({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: file } })
  return { role: 'user', content: blocks.length === 1 ? text : blocks }
}

async function converse(client: Anthropic, model: string, ask: Ask, messages: MessageParam[]): Promise<Answered> {
  const params: MessageCreateParamsNonStreaming = { model, messages, max_tokens: ask.maxTokens ?? 8192, ...knobs(ask) }
  const options = ask.signal === undefined ? {} : { signal: ask.signal }
  let answer: Message
  if (ask.schema === true) {
    answer = await client.messages.parse({ ...params, output_config: { format: zodOutputFormat(reportZod) } }, options)
  } else if (!ask.stream) answer = await client.messages.create(params, options)
  else {
    const stream = client.messages.stream(params, options)
    stream.on('text', (text) => ask.onPiece?.(text))
    answer = await stream.finalMessage()
  }
  return {
    facts: factsOf(answer),
    goOn: (next, other = model) => {
      const more: MessageParam[] = [
        { role: 'assistant', content: answer.content },
        { role: 'user', content: nextContent(next, answer) },
      ]
      return converse(client, other, ask, [...messages, ...more])
    },
  }
}

function nextContent(next: Next, answer: Message): MessageParam['content'] {
  if ('text' in next) return next.text
  const calls = answer.content.filter((block) => block.type === 'tool_use')
  return next.results.map((content, index) => {
    return { type: 'tool_result', tool_use_id: calls[index]?.id ?? '', content }
  })
}

const tools: Tool[] = [
  { name: weatherName, description: weatherDescription, input_schema: weatherSchema },
  { name: clockName, description: clockDescription, input_schema: clockSchema },
]

function knobs(ask: Ask): Partial<MessageCreateParamsNonStreaming> {
  return {
    ...(ask.system === undefined ? {} : { system: ask.system }),
    ...(ask.tools === undefined ? {} : { tools }),
    ...(ask.tools === 'required' ? { tool_choice: { type: 'any' } } : {}),
    ...(ask.stop === undefined ? {} : { stop_sequences: ask.stop }),
    ...(ask.think === true ? { thinking: { type: 'enabled', budget_tokens: 2048 } } : {}),
  }
}

const finishes = { end_turn: 'stop', stop_sequence: 'stop', max_tokens: 'length', tool_use: 'tool-calls' }

function factsOf(answer: Message): Facts {
  const { content, usage } = answer
  const cacheRead = usage.cache_read_input_tokens ?? 0
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, arguments: block.input as JsonObject }] : [],
    ),
    finish: finishIn(finishes, answer.stop_reason),
    usage: {
      input: usage.input_tokens + cacheRead + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      cacheRead,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    object: ((answer as { parsed_output?: JsonObject | null }).parsed_output ?? undefined) as JsonObject | undefined,
  }
}
