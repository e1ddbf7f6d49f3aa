/**
 * Every name of OpenTelemetry's GenAI conventions that the gateway uses. They are in development and still change
 * (open-telemetry/semantic-conventions-genai), and no package has them: here is the one place to follow.
 */
const attributes = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  stream: 'gen_ai.request.stream',
  choiceCount: 'gen_ai.request.choice.count',
  maxTokens: 'gen_ai.request.max_tokens',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  topK: 'gen_ai.request.top_k',
  seed: 'gen_ai.request.seed',
  frequencyPenalty: 'gen_ai.request.frequency_penalty',
  presencePenalty: 'gen_ai.request.presence_penalty',
  stopSequences: 'gen_ai.request.stop_sequences',
  encodingFormats: 'gen_ai.request.encoding_formats',
  dimensions: 'gen_ai.embeddings.dimension.count',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  inputAudioTokens: 'gen_ai.usage.audio.input_tokens',
  outputAudioTokens: 'gen_ai.usage.audio.output_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  systemInstructions: 'gen_ai.system_instructions',
  tokenType: 'gen_ai.token.type',
  tokenModality: 'gen_ai.token.modality',
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
} as const

export type GenAiAttributes = Record<keyof typeof attributes, string>

/** What the conventions' unreleased version renames (its changelog.d/440.breaking.md). */
const latest: Partial<GenAiAttributes> = { cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens' }

export interface MetricNames {
  duration: string
  timeToFirstChunk: string
  /** One histogram for both directions; undefined where the conventions have the others. */
  tokenUsage: string | undefined
  /** Counters, by category; undefined where the conventions have the one histogram (changelog.d/374.breaking.md). */
  usage: Record<'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning', string> | undefined
  /** Histograms of what went well. */
  perOperation: Record<'input' | 'output', string> | undefined
}

const always = {
  duration: 'gen_ai.client.operation.duration',
  timeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
}

export interface GenAiNames {
  attributes: GenAiAttributes
  metrics: MetricNames
}

/** `isLatest`: as in the conventions' unreleased version. */
export function genAiNames(isLatest: boolean): GenAiNames {
  if (!isLatest) {
    const tokenUsage = 'gen_ai.client.token.usage'
    return { attributes, metrics: { ...always, tokenUsage, usage: undefined, perOperation: undefined } }
  }
  const counter = (category: string): string => `gen_ai.client.inference.usage.${category}`
  return {
    attributes: { ...attributes, ...latest },
    metrics: {
      ...always,
      tokenUsage: undefined,
      usage: {
        input: counter('input_tokens'),
        output: counter('output_tokens'),
        cacheRead: counter('cache_read.input_tokens'),
        cacheWrite: counter('cache_write.input_tokens'),
        reasoning: counter('reasoning.output_tokens'),
      },
      perOperation: {
        input: 'gen_ai.client.inference.operation.input_tokens',
        output: 'gen_ai.client.inference.operation.output_tokens',
      },
    },
  }
}

/** OpenTelemetry's own switch for instrumentation whose conventions are about to change: a list of values. */
export function wantsLatest(env: Record<string, string | undefined>): boolean {
  const values = (env['OTEL_SEMCONV_STABILITY_OPT_IN'] ?? '').split(',').map((value) => value.trim())
  return values.includes('gen_ai_latest_experimental')
}

/** Seconds; both durations of the conventions have them. */
export const durationBuckets = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]

export const tokenBuckets = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
]

/** By the dialect that the provider is asked in. Others than the first four are names of our own, as is allowed. */
const operations: Readonly<Record<string, string>> = {
  'openai-chat': 'chat',
  'openai-responses': 'chat',
  'anthropic-messages': 'chat',
  gemini: 'generate_content',
  'openai-completions': 'text_completion',
  'openai-embeddings': 'embeddings',
  'gemini-embed': 'embeddings',
  'gemini-batch-embed': 'embeddings',
  'anthropic-count-tokens': 'count_tokens',
  'gemini-count-tokens': 'count_tokens',
  'openai-images': 'images',
  'openai-audio': 'audio',
  'openai-moderations': 'moderations',
  'anthropic-batches': 'batches',
  'anthropic-files': 'files',
}

export function operationOf(dialect: string): string {
  return operations[dialect] ?? dialect.replaceAll('-', '_')
}

/** What the gateway knows beyond the conventions. */
export const ownNames = {
  callId: 'llm_gateway.request_id',
  dialect: 'llm_gateway.dialect',
  requestedModel: 'llm_gateway.requested_model',
  alias: 'llm_gateway.alias',
  key: 'llm_gateway.key',
  feature: 'llm_gateway.feature',
  cache: 'llm_gateway.cache',
  attempts: 'llm_gateway.attempts',
  provider: 'llm_gateway.provider',
  attempt: 'llm_gateway.attempt',
  final: 'llm_gateway.attempt.final',
  estimated: 'llm_gateway.usage.estimated',
  costUsd: 'llm_gateway.cost_usd',
  savedUsd: 'llm_gateway.saved_usd',
  contentLeftOut: 'llm_gateway.content.left_out',
} as const
