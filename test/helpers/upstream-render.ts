import type { Json } from '../../gateway/chat/json.ts'
import type { Answer, Renderer, StreamPiece } from './upstream-answer.ts'
import { anthropic } from './upstream-anthropic.ts'
import type { Exchange } from './upstream-exchange.ts'
import { gemini } from './upstream-gemini.ts'
import { openaiChat, openaiCompletions } from './upstream-openai.ts'
import type { UpstreamDialect } from './upstream-route.ts'

const renderers: Partial<Record<UpstreamDialect, Renderer>> = {
  'openai-chat': openaiChat,
  'openai-completions': openaiCompletions,
  anthropic,
  gemini,
}

export function isChat({ route }: Exchange): boolean {
  return renderers[route.dialect] !== undefined
}

export function wholeOf(what: Answer, exchange: Exchange): Json {
  return rendererOf(exchange).whole(what, exchange)
}

export function streamOf(what: Answer, exchange: Exchange): StreamPiece[] {
  return rendererOf(exchange).stream(what, exchange)
}

function rendererOf({ route, request }: Exchange): Renderer {
  const renderer = renderers[route.dialect]
  if (renderer === undefined)
    throw new Error(`the scripted upstream has no answer for ${request.method} ${request.path}`)
  return renderer
}

export function toSse({ name, data }: StreamPiece): string {
  return name === undefined ? `data: ${data}\n\n` : `event: ${name}\ndata: ${data}\n\n`
}

export function startStream({ response }: Exchange, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'x-request-id': 'req_fake',
    ...headers,
  })
}

export function sendJson({ response }: Exchange, body: Json, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_fake', ...headers })
  response.end(JSON.stringify(body))
}
