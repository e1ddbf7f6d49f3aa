import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import {
  APICallError,
  type FilePart,
  generateText,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  Output,
  streamText,
  type TextPart,
  tool,
  type ToolResultPart,
  type ToolSet,
} from 'ai'
import { asObject, asString, type Json, type JsonObject, parseJson } from '../../gateway/chat/json.ts'
import {
  apiKey,
  clockDescription,
  clockName,
  clockZod,
  pdfName,
  reportZod,
  weatherDescription,
  weatherName,
  weatherZod,
} from './questions.ts'
import { type Answered, type Ask, type Explained, finishIn, type Next, type Reach, type Sdk } from './sdk.ts'

// It prints a line for each model it does not know, which here is every one.
globalThis.AI_SDK_LOG_WARNINGS = false

const noMore = { models: 'The library has no list of models.', count: 'The library does not count tokens.' }

export const aiOpenaiSdk: Sdk = aiSdk({
  name: '`ai` with `@ai-sdk/openai`',
  packages: ['ai', '@ai-sdk/openai'],
  dialect: 'openai-responses',
  lacks: { ...noMore, 'stop-sequences': 'The Responses API has no stop sequences.' },
  model: ({ url, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey })(model),
  // It knows models by their names; for one it does not know its users have to say that it thinks.
  options: { openai: { store: false } },
  thinking: { openai: { store: false, forceReasoning: true, reasoningEffort: 'low', reasoningSummary: 'auto' } },
})

export const aiOpenaiChatSdk: Sdk = aiSdk({
  name: '`ai` with `@ai-sdk/openai`, `.chat`',
  packages: ['ai', '@ai-sdk/openai'],
  dialect: 'openai-chat',
  lacks: { ...noMore },
  model: ({ url, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(model),
  options: {},
  thinking: { openai: { forceReasoning: true, reasoningEffort: 'low' } },
  thoughts: { shown: false, returned: false },
})

export const aiAnthropicSdk: Sdk = aiSdk({
  name: '`ai` with `@ai-sdk/anthropic`',
  packages: ['ai', '@ai-sdk/anthropic'],
  dialect: 'anthropic-messages',
  lacks: { ...noMore },
  model: ({ url, model }) => createAnthropic({ baseURL: `${url}/v1`, apiKey })(model),
  // For a model it does not know it would rather force a tool than ask for an output by schema.
  options: { anthropic: { structuredOutputMode: 'outputFormat' } },
  thinking: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } } },
})

export const aiGoogleSdk: Sdk = aiSdk({
  name: '`ai` with `@ai-sdk/google`',
  packages: ['ai', '@ai-sdk/google'],
  dialect: 'gemini',
  lacks: { ...noMore },
  model: ({ url, model }) => createGoogle({ baseURL: `${url}/v1beta`, apiKey })(model),
  options: {},
  thinking: { google: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'low' } } },
})

type ProviderOptions = NonNullable<Parameters<typeof generateText>[0]['providerOptions']>

interface AiProvider extends Omit<Sdk, 'open'> {
  model: (reach: Reach) => LanguageModel
  options: ProviderOptions
  thinking: ProviderOptions
}

function aiSdk({ model, options, thinking, ...about }: AiProvider): Sdk {
  return {
    ...about,
    open: (reach) => ({
      ask: (ask) => {
        const providerOptions = ask.think === true ? thinking : options
        const named = (name: string) => model({ ...reach, model: name })
        return converse({ model: model(reach), providerOptions, named }, ask, [firstMessage(ask)])
      },
      explain,
    }),
  }
}

function explain(error: unknown): Explained {
  if (!APICallError.isInstance(error)) {
    // What a stream brings as an error is no call error, but words.
    if (error instanceof Error || typeof error === 'string') return { ...noHeaders, message: String(error) }
    return { ...noHeaders, message: JSON.stringify(error) }
  }
  // Google tells it in the body only.
  const retryAfter =
    error.responseHeaders?.['retry-after'] ?? /"retryDelay":\s*"(\d+)s"/.exec(error.responseBody ?? '')?.[1]
  return {
    status: error.statusCode,
    message: error.message,
    kind: kindOf(parseJson(error.responseBody ?? '')),
    retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
  }
}

/** Google's word is `status`, everybody else's `type`. */
function kindOf(body: Json | undefined): string | undefined {
  const error = asObject(asObject(body)?.['error'])
  return asString(error?.['status']) ?? asString(error?.['type'])
}

const noHeaders = { status: undefined, kind: undefined, retryAfterSeconds: undefined }

function firstMessage({ text, image, file }: Ask): ModelMessage {
  const parts: (TextPart | FilePart)[] = [{ type: 'text', text }]
  if (image !== undefined) parts.push({ type: 'file', data: image, mediaType: 'image/png' })
  if (file !== undefined) parts.push({ type: 'file', data: file, mediaType: 'application/pdf', filename: pdfName })
  return { role: 'user', content: parts.length === 1 ? text : parts }
}

/** Without `execute`: whoever calls runs the tool, so that the two turns can be looked at apart. */
const tools: ToolSet = {
  [weatherName]: tool({ description: weatherDescription, inputSchema: weatherZod }),
  [clockName]: tool({ description: clockDescription, inputSchema: clockZod }),
}

interface At {
  model: LanguageModel
  providerOptions: ProviderOptions
  /** Another model at the same place. */
  named(model: string): LanguageModel
}

async function converse(at: At, ask: Ask, messages: ModelMessage[]): Promise<Answered> {
  const { model, providerOptions } = at
  const params = { model, providerOptions, messages, maxRetries: 0, ...knobs(ask) } as Params &
    Parameters<typeof generateText>[0]
  const answer = ask.stream ? await streamed(params, ask) : await generateText(params)
  const { text, reasoningText, toolCalls, finishReason, usage, responseMessages } = answer
  return {
    facts: {
      text,
      thinking: reasoningText ?? '',
      calls: toolCalls.map(({ toolName, input }) => ({ name: toolName, arguments: input as JsonObject })),
      finish: finishIn({}, finishReason),
      usage: usageOf(usage),
      object: ask.schema === true ? (answer.output as unknown as JsonObject) : undefined,
    },
    goOn: (next, other) => {
      const there = other === undefined ? at : { ...at, model: at.named(other) }
      return converse(there, ask, [...messages, ...responseMessages, nextMessage(next, toolCalls)])
    },
  }
}

function nextMessage(next: Next, calls: { toolCallId: string; toolName: string }[]): ModelMessage {
  if ('text' in next) return { role: 'user', content: next.text }
  const content = next.results.map((value, index): ToolResultPart => {
    const { toolCallId = '', toolName = '' } = calls[index] ?? {}
    return { type: 'tool-result', toolCallId, toolName, output: { type: 'text', value } }
  })
  return { role: 'tool', content }
}

type Params = Parameters<typeof streamText>[0] & { messages: ModelMessage[] }

async function streamed(params: Params, ask: Ask) {
  // What the stream brings as an error is thrown below; the library would print it too.
  const answer = streamText({ ...params, onError: () => undefined })
  for await (const part of answer.stream) {
    if (part.type === 'text-delta') ask.onPiece?.(part.text)
    if (part.type === 'error') throw part.error
    if (part.type === 'abort') throw new DOMException('The stream was aborted.', 'AbortError')
  }
  const [text, reasoningText, toolCalls] = await Promise.all([answer.text, answer.reasoningText, answer.toolCalls])
  const [finishReason, usage, responseMessages] = await Promise.all([
    answer.finishReason,
    answer.usage,
    answer.responseMessages,
  ])
  return { text, reasoningText, toolCalls, finishReason, usage, responseMessages, output: undefined }
}

function knobs(ask: Ask) {
  return {
    ...(ask.system === undefined ? {} : { instructions: ask.system }),
    ...(ask.tools === undefined ? {} : { tools }),
    ...(ask.tools === 'required' ? { toolChoice: 'required' } : {}),
    ...(ask.schema === true ? { output: Output.object({ schema: reportZod, name: 'report' }) } : {}),
    ...(ask.stop === undefined ? {} : { stopSequences: ask.stop }),
    ...(ask.maxTokens === undefined ? {} : { maxOutputTokens: ask.maxTokens }),
    ...(ask.signal === undefined ? {} : { abortSignal: ask.signal }),
  }
}

function usageOf({ inputTokens, outputTokens, inputTokenDetails, outputTokenDetails }: LanguageModelUsage) {
  return {
    input: inputTokens ?? -1,
    output: outputTokens ?? -1,
    cacheRead: inputTokenDetails.cacheReadTokens ?? 0,
    reasoning: outputTokenDetails.reasoningTokens ?? 0,
  }
}
