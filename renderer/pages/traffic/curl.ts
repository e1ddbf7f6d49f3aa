import type { CallDetail } from '../../../gateway/contract.ts'

/** The client's own formats, and where the gateway takes them. */
const paths: Record<string, string> = {
  'openai-chat': '/v1/chat/completions',
  'openai-completions': '/v1/completions',
  'openai-embeddings': '/v1/embeddings',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
}

/** Images, audio, files: which of their addresses it was is not kept, and most of what they take is no text. */
const forwarded = new Set([
  'openai-images',
  'openai-audio',
  'openai-moderations',
  'rerank',
  'files',
  'batches',
  'anthropic-batches',
  'anthropic-files',
])

export function isForwarded(dialect: string): boolean {
  return forwarded.has(dialect)
}

const anonymousKey = 'anonymous'
/** Headers that change what the gateway does; all others are the client's own business. */
const meaningful = /^(x-gateway-(cache|timeout|provider|fallback|metadata)|anthropic-(version|beta))$/i

export interface Curl {
  text: string
  /** The request was not kept whole: its body is an example for the same model. */
  isExample: boolean
}

/** The call as a command for a POSIX shell. The key is never in it: it is taken from the environment. */
export function curlOf(detail: CallDetail, url: string): Curl {
  const { call, request, truncated, requestHeaders } = detail
  const kept = request === null || request === '' || truncated ? undefined : request
  const headers = (requestHeaders ?? []).filter(([name, value]) => meaningful.test(name) && value !== '[redacted]')
  const lines = [
    `curl${call.stream ? ' -N' : ''} ${quote(url + (paths[call.dialect] ?? '/v1/chat/completions'))}`,
    `-H 'content-type: application/json'`,
    ...(call.key === anonymousKey ? [] : ['-H "authorization: Bearer $GATEWAY_KEY"']),
    ...headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    `-d ${quote(kept ?? JSON.stringify(exampleBody(call)))}`,
  ]
  return { text: lines.join(' \\\n  '), isExample: kept === undefined }
}

/** A first call to copy, where there is none yet. */
export function firstCurl(url: string, model: string): string {
  const body = { model, messages: [{ role: 'user', content: 'Say hello in five words.' }] }
  return [
    `curl ${url}/v1/chat/completions`,
    `-H 'content-type: application/json'`,
    `-d ${quote(JSON.stringify(body))}`,
  ].join(' \\\n  ')
}

function exampleBody({ dialect, requestedModel, stream }: CallDetail['call']): object {
  const model = requestedModel
  if (dialect === 'openai-embeddings') return { model, input: 'Hello' }
  const streamed = stream ? { stream } : {}
  if (dialect === 'openai-completions') return { model, prompt: 'Hello', ...streamed }
  if (dialect === 'openai-responses') return { model, input: 'Hello', ...streamed }
  const messages = [{ role: 'user', content: 'Hello' }]
  return { model, ...(dialect === 'anthropic-messages' ? { max_tokens: 1024 } : {}), messages, ...streamed }
}

/** For a POSIX shell: nothing inside is read by it. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
