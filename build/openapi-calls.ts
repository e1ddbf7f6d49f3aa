import type { DialectId } from '../gateway/dialects/dialect.ts'
import { forwardRoutes, type ForwardRoute } from '../gateway/http/forward-routes.ts'
import { llmRoutes } from '../gateway/http/llm-routes.ts'
import type { LlmRoute } from '../gateway/http/llm.ts'
import { clientSecurity, extensionParameters, failures, ref, type Json, type Operation } from './openapi-parts.ts'

type Paths = Record<string, Record<string, Operation>>

interface Words {
  summary: string
  docs: string
  required: string[]
  /** Media type of a stream. */
  streams?: true
}

const openai = 'https://platform.openai.com/docs/api-reference'
const anthropic = 'https://platform.claude.com/docs/en/api'
const google = 'https://ai.google.dev/api'

const dialectWords: Partial<Record<DialectId, Words>> = {
  'openai-chat': {
    summary: 'Chat in the format of OpenAI Chat Completions, from any provider',
    docs: `${openai}/chat`,
    required: ['model', 'messages'],
    streams: true,
  },
  'openai-completions': {
    summary: 'Completions of the older kind, from providers that have them',
    docs: `${openai}/completions`,
    required: ['model', 'prompt'],
    streams: true,
  },
  'openai-embeddings': {
    summary: 'Embeddings, from providers that have them',
    docs: `${openai}/embeddings`,
    required: ['model', 'input'],
  },
  'openai-responses': {
    summary: 'OpenAI Responses, from any provider',
    docs: `${openai}/responses`,
    required: ['model', 'input'],
    streams: true,
  },
  'anthropic-messages': {
    summary: 'Anthropic Messages, from any provider',
    docs: `${anthropic}/messages`,
    required: ['model', 'messages', 'max_tokens'],
    streams: true,
  },
  'anthropic-count-tokens': {
    summary: 'How many tokens a request of Anthropic Messages has',
    docs: `${anthropic}/messages-count-tokens`,
    required: ['model', 'messages'],
  },
}

const geminiVerbs: Record<string, Words> = {
  generateContent: {
    summary: 'Gemini, from any provider',
    docs: `${google}/generate-content`,
    required: ['contents'],
  },
  streamGenerateContent: {
    summary: 'Gemini as a stream: server-sent events with `?alt=sse`, else one JSON array',
    docs: `${google}/generate-content`,
    required: ['contents'],
    streams: true,
  },
  countTokens: { summary: 'How many tokens a request of Gemini has', docs: `${google}/tokens`, required: [] },
  embedContent: {
    summary: 'An embedding, from providers that speak Gemini',
    docs: `${google}/embeddings`,
    required: ['content'],
  },
  batchEmbedContents: {
    summary: 'Several embeddings, from providers that speak Gemini',
    docs: `${google}/embeddings`,
    required: ['requests'],
  },
}

/** The endpoints of models, from the tables of routes that the gateway itself uses. */
export function callPaths(): Paths {
  const paths: Paths = {}
  for (const [path, method, operation] of [
    ...llmRoutes.flatMap(llmOperations),
    ...forwardRoutes.map(forwardOperation),
  ]) {
    paths[path] = { ...paths[path], [method]: operation }
  }
  return paths
}

type Entry = [path: string, method: string, operation: Operation]

function llmOperations({ path, dialect, locate, hasSocket }: LlmRoute): Entry[] {
  if (locate !== undefined) {
    return Object.entries(geminiVerbs).map(([verb, words]) => {
      const full = path.replace('*', `{model}:${verb}`)
      return [full, 'post', callOperation(full, words)]
    })
  }
  const words = dialectWords[dialect.id]
  if (words === undefined) throw new TypeError(`build/openapi-calls.ts has no words for the dialect ${dialect.id}`)
  const post: Entry = [path, 'post', callOperation(path, words)]
  return hasSocket === true ? [post, [path, 'get', socketOperation(path)]] : [post]
}

function callOperation(path: string, { summary, docs, required, streams }: Words): Operation {
  return {
    operationId: idOf('post', path),
    summary,
    description: isForAzure(path)
      ? 'As under `/v1`: here Azure’s clients ask.'
      : 'Members that are not named here go on to the provider.',
    tags: ['Models'],
    externalDocs: { url: docs },
    security: clientSecurity,
    parameters: [...pathParameters(path), ...extensionParameters.map((name) => ref('parameters', name))],
    requestBody: { required: true, content: { 'application/json': { schema: requestSchema(required) } } },
    responses: { '200': ref('responses', streams === true ? 'streamed' : 'whole'), ...failures },
  }
}

function requestSchema(required: string[]): Json {
  const members = Object.fromEntries(required.map((name) => [name, membersOf[name] ?? {}]))
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: { ...members, 'x-gateway': ref('schemas', 'x-gateway') },
    additionalProperties: true,
  }
}

const membersOf: Record<string, Json> = {
  model: { type: 'string', description: 'An alias, a model, or `provider/model`.' },
  messages: { type: 'array', items: { type: 'object' } },
  contents: { type: ['array', 'object'] },
  max_tokens: { type: 'integer', minimum: 1 },
}

function socketOperation(path: string): Operation {
  return {
    operationId: idOf('get', path),
    summary: 'The same over a WebSocket',
    description: 'Asks for `Upgrade: websocket`. Without it the answer is 426.',
    tags: ['Models'],
    security: clientSecurity,
    responses: { '101': { description: 'The WebSocket is open.' }, ...failures },
  }
}

function forwardOperation({ method, path: given, id, model, isRaw, isBinary }: ForwardRoute): Entry {
  const path = given.replaceAll(/:(\w+)/g, '{$1}')
  const isFile = isRaw === true || isBinary === true
  const provider = model === 'required' ? [] : [providerParameter]
  const operation: Operation = {
    operationId: idOf(method.toLowerCase(), path),
    summary: `${forwardWords[method]} ${id}, at a provider that has it`,
    description: `Handed on byte for byte.${model === 'none' ? ' It belongs to a provider, which is to be named where several have it.' : ''}`,
    tags: ['Handed on'],
    security: clientSecurity,
    parameters: [...pathParameters(path), ...provider, ...extensionParameters.map((name) => ref('parameters', name))],
    ...(method === 'POST' && { requestBody: forwardBody(path) }),
    responses: { '200': ref('responses', isFile ? 'file' : 'whole'), ...failures },
  }
  return [path, method.toLowerCase(), operation]
}

const forwardWords = { GET: 'Ask for', POST: 'Send', DELETE: 'Remove' }

const providerParameter: Json = {
  name: 'provider',
  in: 'query',
  required: false,
  description: 'Whose it is, where no model says it; as `x-gateway-provider`.',
  schema: { type: 'string' },
}

function forwardBody(path: string): Json {
  const json = { schema: { type: 'object', additionalProperties: true } }
  const form = { schema: { type: 'object', additionalProperties: true } }
  const isOptional = /\/cancel$|\/complete$/.test(path)
  return { required: !isOptional, content: { 'application/json': json, 'multipart/form-data': form } }
}

export function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    ...(name === 'model' && { description: 'May hold slashes.' }),
    schema: { type: 'string' },
  }))
}

function isForAzure(path: string): boolean {
  return path.startsWith('/openai/')
}

/** `post_v1_chat_completions` */
export function idOf(method: string, path: string): string {
  return `${method}${path.replaceAll(/[{}]/g, '').replaceAll(/[^A-Za-z0-9]+/g, '_')}`
}
