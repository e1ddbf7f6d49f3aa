import { z } from 'zod'

/**
 * OpenAI's published reply and chunk shapes (openapi.json 2.3.0), by hand and loose: unknown members pass,
 * known members must have the right type. What the gateway emits must fit; recordings of OpenAI itself do.
 */

const nullish = <T extends z.ZodType>(schema: T) => schema.nullable().optional()
const count = z.int().min(0)

export const usageShape = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: nullish(
    z.looseObject({
      cached_tokens: count.optional(),
      cache_write_tokens: count.optional(),
      audio_tokens: count.optional(),
    }),
  ),
  completion_tokens_details: nullish(
    z.looseObject({ reasoning_tokens: count.optional(), audio_tokens: count.optional() }),
  ),
})

const finishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call'])

const annotation = z.looseObject({
  type: z.literal('url_citation'),
  url_citation: z.looseObject({ url: z.string(), title: z.string(), start_index: count, end_index: count }),
})

const tokenLogprob = z.looseObject({ token: z.string(), logprob: z.number() })
const logprobs = nullish(
  z.looseObject({ content: nullish(z.array(tokenLogprob)), refusal: nullish(z.array(tokenLogprob)) }),
)

const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
})

/** Ours beside OpenAI's: reasoning that must come back (OpenRouter's convention). */
const reasoningDetail = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('reasoning.text'), text: z.string(), signature: z.string().optional() }),
  z.looseObject({ type: z.literal('reasoning.encrypted'), data: z.string() }),
])

const message = z.looseObject({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  refusal: z.string().nullable(),
  annotations: z.array(annotation).optional(),
  tool_calls: z.array(toolCall).min(1).optional(),
  reasoning_content: z.string().optional(),
  reasoning_details: z.array(reasoningDetail).min(1).optional(),
})

export const chatCompletionShape = z.looseObject({
  id: z.string().min(1),
  object: z.literal('chat.completion'),
  created: count,
  model: z.string().min(1),
  choices: z.array(z.looseObject({ index: count, message, logprobs, finish_reason: finishReason })).min(1),
  usage: usageShape.optional(),
  service_tier: nullish(z.string()),
  system_fingerprint: nullish(z.string()),
})

const toolCallDelta = z.looseObject({
  index: count,
  id: z.string().min(1).optional(),
  type: z.literal('function').optional(),
  function: z.looseObject({ name: z.string().min(1).optional(), arguments: z.string().optional() }).optional(),
})

const delta = z.looseObject({
  role: z.literal('assistant').optional(),
  content: nullish(z.string()),
  refusal: nullish(z.string()),
  tool_calls: z.array(toolCallDelta).min(1).optional(),
  annotations: z.array(annotation).optional(),
  reasoning_content: z.string().optional(),
  reasoning_details: z.array(reasoningDetail).min(1).optional(),
})

export const chatChunkShape = z.looseObject({
  id: z.string().min(1),
  object: z.literal('chat.completion.chunk'),
  created: count,
  model: z.string().min(1),
  choices: z.array(z.looseObject({ index: count, delta, logprobs, finish_reason: finishReason.nullable() })),
  usage: nullish(usageShape),
  service_tier: nullish(z.string()),
  system_fingerprint: nullish(z.string()),
})

export const textCompletionShape = z.looseObject({
  id: z.string().min(1),
  object: z.literal('text_completion'),
  created: count,
  model: z.string().min(1),
  choices: z.array(
    z.looseObject({
      text: z.string(),
      index: count,
      logprobs: nullish(z.looseObject({})),
      finish_reason: z.enum(['stop', 'length', 'content_filter']).nullable(),
    }),
  ),
  usage: nullish(usageShape),
})

export const embeddingsShape = z.looseObject({
  object: z.literal('list'),
  data: z.array(
    z.looseObject({
      object: z.literal('embedding'),
      index: count,
      /** base64 text where asked for. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.string(),
  usage: z.looseObject({ prompt_tokens: count, total_tokens: count }),
})

export const modelsShape = z.looseObject({
  object: z.literal('list'),
  data: z.array(
    z.looseObject({ id: z.string().min(1), object: z.literal('model'), created: count, owned_by: z.string() }),
  ),
})

/** All four keys are always there. */
export const errorShape = z.looseObject({
  error: z.looseObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
})

export type ChatChunk = z.infer<typeof chatChunkShape>

export interface ChatStreamReading {
  chunks: ChatChunk[]
  /** The error event, where the stream broke. */
  error: z.infer<typeof errorShape>['error'] | undefined
}

/** Checks a whole SSE answer of chat completions, throws what is wrong, and gives its chunks. */
export function assertChatStream(sseText: string): ChatStreamReading {
  const events = splitSse(sseText)
  if (events.at(-1) !== '[DONE]') throw new Error(`the stream does not end with [DONE] but with ${events.at(-1)}`)
  const bodies = events.slice(0, -1).map((text) => JSON.parse(text) as object)
  const failed = bodies.findIndex((body) => 'error' in body)
  if (failed !== -1 && failed !== bodies.length - 1) throw new Error('something follows the error event')
  const chunks = (failed === -1 ? bodies : bodies.slice(0, failed)).map(parseChunk)
  const error = failed === -1 ? undefined : errorShape.parse(bodies[failed]).error
  assertSameHead(chunks)
  assertUsagePlace(chunks)
  for (const index of choiceIndexes(chunks)) assertChoice(choiceChunks(chunks, index), error !== undefined)
  return { chunks, error }
}

function splitSse(text: string): string[] {
  if (!text.endsWith('\n\n')) throw new Error('the last event has no blank line')
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((event) => {
      if (!event.startsWith('data: ') || event.includes('\n')) throw new Error(`not one data line: ${event}`)
      return event.slice(6)
    })
}

function parseChunk(body: unknown, at: number): ChatChunk {
  const result = chatChunkShape.safeParse(body)
  if (!result.success) throw new Error(`chunk ${at}: ${z.prettifyError(result.error)} in ${JSON.stringify(body)}`)
  return result.data
}

function assertSameHead(chunks: ChatChunk[]): void {
  const heads = new Set(chunks.map(({ id, created, model }) => JSON.stringify([id, created, model])))
  if (heads.size > 1) throw new Error(`id, created or model change within the stream: ${[...heads].join(' ')}`)
}

/** A chunk without choices is the usage chunk: at most one, the last, and then all others say `usage: null`. */
function assertUsagePlace(chunks: ChatChunk[]): void {
  const withUsage = chunks.filter(({ usage }) => usage !== null && usage !== undefined)
  const empty = chunks.filter(({ choices }) => choices.length === 0)
  if (withUsage.length > 1 || empty.length > 1) throw new Error('more than one usage chunk')
  if (empty[0] !== withUsage[0]) throw new Error('the usage chunk has choices, or an empty chunk has no usage')
  if (empty[0] === undefined) return
  if (empty[0] !== chunks.at(-1)) throw new Error('the usage chunk is not the last')
  if (chunks.slice(0, -1).some(({ usage }) => usage !== null)) throw new Error('a chunk lacks `usage: null`')
}

type ChoiceChunk = ChatChunk['choices'][number]

function choiceIndexes(chunks: ChatChunk[]): Set<number> {
  return new Set(chunks.flatMap(({ choices }) => choices.map(({ index }) => index)))
}

function choiceChunks(chunks: ChatChunk[], index: number): ChoiceChunk[] {
  return chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index))
}

function assertChoice(choices: ChoiceChunk[], broken: boolean): void {
  if (choices[0]?.delta.role !== 'assistant') throw new Error('the first delta has no role')
  if (choices.slice(1).some(({ delta }) => delta.role !== undefined)) throw new Error('the role is told twice')
  const finishes = choices.filter(({ finish_reason }) => finish_reason !== null)
  if (finishes.length > 1 || (finishes.length === 0 && !broken)) throw new Error(`${finishes.length} finish reasons`)
  const last = choices.at(-1)
  if (finishes[0] !== undefined && finishes[0] !== last) throw new Error('something follows the finish reason')
  if (finishes[0] !== undefined && Object.keys(finishes[0].delta).length > 0)
    throw new Error('the finish delta is not empty')
  assertToolCalls(choices)
}

/** Indexes count from 0; id, type and name come with the first delta of an index and never again. */
function assertToolCalls(choices: ChoiceChunk[]): void {
  let known = 0
  for (const call of choices.flatMap(({ delta }) => delta.tool_calls ?? [])) {
    const isNew = call.index === known
    if (call.index > known) throw new Error(`tool call index ${call.index} after ${known} calls`)
    if (isNew) known += 1
    const named = call.id !== undefined || call.type !== undefined || call.function?.name !== undefined
    const complete = call.id !== undefined && call.type !== undefined && call.function?.name !== undefined
    if (isNew && !complete) throw new Error(`tool call ${call.index} begins without id, type or name`)
    if (!isNew && named) throw new Error(`tool call ${call.index} is named again`)
  }
}
