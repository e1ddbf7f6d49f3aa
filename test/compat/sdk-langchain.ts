import {
  type AIMessageChunk,
  type BaseMessage,
  type ContentBlock,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type UsageMetadata,
} from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import type { JsonObject } from '../../gateway/chat/json.ts'
import {
  apiKey,
  clockDescription,
  clockName,
  clockSchema,
  pdfName,
  reportName,
  reportZod,
  weatherDescription,
  weatherName,
  weatherSchema,
} from './questions.ts'
import { type Answered, type Ask, type Facts, finishIn, type Next, type Reach, type Sdk } from './sdk.ts'
import { explainOpenai } from './sdk-openai-chat.ts'

const noMore = {
  models: 'The library has no list of models.',
  count: 'The library counts by itself, without asking.',
}

export const langchainChatSdk: Sdk = langchainSdk(false, {
  name: '`@langchain/openai`',
  packages: ['@langchain/openai', '@langchain/core'],
  dialect: 'openai-chat',
  lacks: { ...noMore },
  thoughts: { shown: true, returned: false },
})

export const langchainResponsesSdk: Sdk = langchainSdk(true, {
  name: '`@langchain/openai`, `useResponsesApi`',
  packages: ['@langchain/openai', '@langchain/core'],
  dialect: 'openai-responses',
  lacks: {
    ...noMore,
    'stop-sequences': 'The Responses API has no stop sequences.',
    'required-tools': 'The library leaves `tool_choice: required` out of the request.',
  },
})

function langchainSdk(useResponsesApi: boolean, about: Omit<Sdk, 'open'>): Sdk {
  return {
    ...about,
    open: (reach) => ({
      ask: (ask) => {
        const named = (model = reach.model) => chatModel({ ...reach, model }, ask, useResponsesApi)
        return converse(named, ask, firstMessages(ask))
      },
      explain: explainOpenai,
    }),
  }
}

function chatModel({ url, model }: Reach, ask: Ask, useResponsesApi: boolean): ChatOpenAI {
  return new ChatOpenAI({
    model,
    apiKey,
    useResponsesApi,
    maxRetries: 0,
    configuration: { baseURL: `${url}/v1` },
    ...(ask.stop === undefined ? {} : { stop: ask.stop }),
    ...(ask.maxTokens === undefined ? {} : { maxTokens: ask.maxTokens }),
    ...(ask.think === true ? thinking(useResponsesApi) : {}),
  })
}

/** Its own `reasoning` is only sent for names of models that it knows to reason. */
function thinking(useResponsesApi: boolean): object {
  if (!useResponsesApi) return { modelKwargs: { reasoning_effort: 'low' } }
  return { modelKwargs: { reasoning: { effort: 'low', summary: 'auto' } }, zdrEnabled: true }
}

function firstMessages({ system, text, image, file }: Ask): BaseMessage[] {
  const parts: ContentBlock.Standard[] = [{ type: 'text', text }]
  if (image !== undefined) parts.push({ type: 'image', mimeType: 'image/png', data: image })
  if (file !== undefined)
    parts.push({ type: 'file', mimeType: 'application/pdf', data: file, metadata: { filename: pdfName } })
  return [
    ...(system === undefined ? [] : [new SystemMessage(system)]),
    parts.length === 1 ? new HumanMessage(text) : new HumanMessage({ contentBlocks: parts }),
  ]
}

const tools = [
  { name: weatherName, description: weatherDescription, parameters: weatherSchema },
  { name: clockName, description: clockDescription, parameters: clockSchema },
].map((inner) => ({ type: 'function' as const, function: inner }))

/** A model by its name; without one, the same as before. */
type Named = (model?: string) => ChatOpenAI

async function converse(named: Named, ask: Ask, messages: BaseMessage[]): Promise<Answered> {
  const model = named()
  const options = {
    ...(ask.tools === undefined ? {} : { tools }),
    ...(ask.tools === 'required' ? { tool_choice: 'required' } : {}),
    ...(ask.signal === undefined ? {} : { signal: ask.signal }),
    ...(ask.think === true && model.useResponsesApi ? { include: ['reasoning.encrypted_content' as const] } : {}),
  }
  if (ask.schema === true) return structured(model, messages)
  const answer = ask.stream
    ? await gather(await model.stream(messages, options), ask)
    : await model.invoke(messages, options)
  return {
    facts: factsOf(answer),
    goOn: (next, other) => {
      return converse(() => named(other), ask, [...messages, answer, ...nextMessages(next, answer)])
    },
  }
}

function nextMessages(next: Next, { tool_calls: calls = [] }: AIMessageChunk): BaseMessage[] {
  if ('text' in next) return [new HumanMessage(next.text)]
  return next.results.map((content, index) => new ToolMessage({ content, tool_call_id: calls[index]?.id ?? '' }))
}

async function structured(model: ChatOpenAI, messages: BaseMessage[]): Promise<Answered> {
  const wanted = { name: reportName, method: 'jsonSchema', includeRaw: true } as const
  const { raw, parsed } = await model.withStructuredOutput(reportZod, wanted).invoke(messages)
  const facts = { ...factsOf(raw as AIMessageChunk), object: parsed as JsonObject }
  return { facts, goOn: () => Promise.reject(new Error('there is nothing to go on with')) }
}

async function gather(chunks: AsyncIterable<AIMessageChunk>, ask: Ask): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined
  for await (const chunk of chunks) {
    whole = whole === undefined ? chunk : whole.concat(chunk)
    if (chunk.text !== '') ask.onPiece?.(chunk.text)
  }
  if (whole === undefined) throw new Error('the stream was empty')
  return whole
}

const finishes = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' }

function factsOf(answer: AIMessageChunk): Facts {
  const { tool_calls: calls = [] } = answer
  const { usage_metadata: usage } = answer as unknown as { usage_metadata?: UsageMetadata }
  return {
    text: answer.text,
    thinking: thinkingOf(answer),
    calls: calls.map(({ name, args }) => ({ name, arguments: args as JsonObject })),
    finish: finishOf(answer, calls.length),
    usage: {
      input: usage?.input_tokens ?? -1,
      output: usage?.output_tokens ?? -1,
      cacheRead: usage?.input_token_details?.cache_read ?? 0,
      reasoning: usage?.output_token_details?.reasoning ?? 0,
    },
    object: undefined,
  }
}

/** Chat: as compatible servers name it; Responses: the summary. */
function thinkingOf({ additional_kwargs: extra }: AIMessageChunk): string {
  const { reasoning_content: content, reasoning } = extra as {
    reasoning_content?: string
    reasoning?: { summary?: { text?: string }[] }
  }
  return content ?? reasoning?.summary?.map(({ text = '' }) => text).join('') ?? ''
}

function finishOf({ response_metadata: about }: AIMessageChunk, callCount: number): string {
  const {
    finish_reason: finish,
    status,
    incomplete_details: details,
  } = about as {
    finish_reason?: string
    status?: string
    incomplete_details?: { reason?: string }
  }
  if (finish !== undefined) return finishIn(finishes, finish)
  if (status === 'incomplete') return details?.reason === 'max_output_tokens' ? 'length' : String(details?.reason)
  if (status !== 'completed') return String(status)
  return callCount > 0 ? 'tool-calls' : 'stop'
}
