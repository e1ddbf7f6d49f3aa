import { GatewayError } from '../errors.ts'

/** Claude Code's contract for gateways: an endpoint that is not there is 501 `not_supported`. */
const messagesPrefix = '/v1/messages/'

/** What lies below each dialect's prefix, for people who end up beside it. */
const known: readonly [prefix: string, paths: string][] = [
  [messagesPrefix, 'POST /v1/messages, POST /v1/messages/count_tokens and GET /v1/models'],
  [
    '/v1beta/',
    'GET /v1beta/models and POST /v1beta/models/MODEL:generateContent, :streamGenerateContent, :countTokens, :embedContent and :batchEmbedContents',
  ],
  [
    '/v1/',
    'GET /v1/models, POST /v1/chat/completions, /v1/responses, /v1/messages, /v1/completions, /v1/embeddings and those of images, audio, moderations, rerank, files and batches',
  ],
  ['/openai/', 'POST /openai/v1/chat/completions, /openai/v1/responses and GET /openai/v1/models'],
]

/** The answer to a path that is not there, with what is. */
export function unknownPath(method: string, url: string): GatewayError {
  const path = url.split('?', 1)[0] as string
  const asked = `${method} ${path.slice(0, 200)}`
  const family = known.find(([prefix]) => path.startsWith(prefix))
  if (family === undefined) return new GatewayError('not_found', `There is nothing at ${asked}.`, noRetry)
  const code = family[0] === messagesPrefix ? 'not_supported' : 'not_found'
  return new GatewayError(code, `There is nothing at ${asked}. This gateway has ${family[1]}.`, noRetry)
}

/** Anthropic's SDKs and Claude Code would ask again and again. */
const noRetry = { headers: { 'x-should-retry': 'false' } }
