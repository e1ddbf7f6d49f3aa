import type { Dialect } from '../dialects/dialect.ts'
import { geminiBatchEmbed } from '../dialects/gemini-batch-embed/index.ts'
import { geminiCountTokens } from '../dialects/gemini-count-tokens/index.ts'
import { geminiEmbed } from '../dialects/gemini-embed/index.ts'
import { gemini } from '../dialects/gemini/index.ts'
import { GatewayError } from '../errors.ts'
import { ArraySink } from './array-sink.ts'
import type { Located } from './llm.ts'

const methods = new Map<string, Dialect>([
  ['generateContent', gemini],
  ['streamGenerateContent', gemini],
  ['countTokens', geminiCountTokens],
  ['embedContent', geminiEmbed],
  ['batchEmbedContents', geminiBatchEmbed],
])

/**
 * `rest` is what follows `/models/`, decoded: `gemini-2.5-pro:streamGenerateContent`. Models may have slashes and colons
 * in their names (`ollama/llama3:8b`). Throws GatewayError.
 */
export function locateGemini({ rest, query }: { rest: string; query: Record<string, string | undefined> }): Located {
  const colon = rest.lastIndexOf(':')
  const method = rest.slice(colon + 1)
  const dialect = colon === -1 ? undefined : methods.get(method)
  if (dialect === undefined) throw noMethod(rest)
  const model = rest.slice(0, colon).replace(/^models\//, '')
  if (model === '') throw new GatewayError('not_found', `The address names no model before ":${method}".`)
  const stream = method === 'streamGenerateContent'
  const located = { dialect, asked: { model, stream }, key: query['key'] }
  // Google's own server streams one JSON array unless it is asked for events.
  const isEvents = !stream || String(query['alt']).toLowerCase() === 'sse'
  return isEvents ? located : { ...located, wrap: (sink) => new ArraySink(sink) }
}

function noMethod(rest: string): GatewayError {
  const names = [...methods.keys()].map((name) => `:${name}`).join(', ')
  return new GatewayError(
    'not_found',
    `"${rest.slice(0, 200)}" is not a model and a method; the gateway answers ${names}.`,
  )
}
