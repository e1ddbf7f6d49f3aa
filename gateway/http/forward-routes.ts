import type { IncomingHttpHeaders } from 'node:http'
import type { ForwardId } from '../providers/forwards.ts'

/** An endpoint whose bytes are handed on to the provider that has it. */
export interface ForwardRoute {
  method: 'GET' | 'POST' | 'DELETE'
  /** With `:id` where a name stands that the provider gave. */
  path: string
  id: ForwardId
  /** What of `path` is the endpoint itself; the rest goes on to the provider. */
  base: string
  /** `none`: files and batches belong to a provider. `optional`: without one it is the provider that counts. */
  model: 'required' | 'optional' | 'none'
  /** The answer is a file. */
  isRaw?: true
  /** Neither the request nor the answer is text that somebody could read in the traffic. */
  isBinary?: true
}

/** Anthropic's files lie where OpenAI's do; its clients say who they are. */
export function spokenRoute(route: ForwardRoute, headers: IncomingHttpHeaders): ForwardRoute {
  const isAnthropic = route.id === 'files' && headers['anthropic-version'] !== undefined
  return isAnthropic ? { ...route, id: 'anthropic/files' } : route
}

export const forwardRoutes: readonly ForwardRoute[] = [
  ...openaiRoutes('/v1'),
  // Azure's clients put `/openai` before OpenAI's paths.
  ...openaiRoutes('/openai/v1'),
  // Cohere's own clients ask here.
  { method: 'POST', path: '/v2/rerank', base: '/v2/rerank', id: 'rerank', model: 'required' },
  ...managed('/v1', 'messages/batches', ['GET', 'POST', 'GET /:id', 'DELETE /:id', 'POST /:id/cancel']),
  ...managed('/v1', 'messages/batches', ['GET /:id/results'], { isRaw: true }),
]

function openaiRoutes(prefix: string): ForwardRoute[] {
  return [
    ask(prefix, 'images/generations', 'optional'),
    ask(prefix, 'images/edits', 'optional'),
    ask(prefix, 'images/variations', 'optional'),
    { ...ask(prefix, 'audio/speech', 'required'), isBinary: true },
    ask(prefix, 'audio/transcriptions', 'required'),
    ask(prefix, 'audio/translations', 'required'),
    ask(prefix, 'moderations', 'optional'),
    ask(prefix, 'rerank', 'required'),
    ...managed(prefix, 'files', ['GET', 'POST', 'GET /:id', 'DELETE /:id']),
    ...managed(prefix, 'files', ['GET /:id/content'], { isRaw: true }),
    ...managed(prefix, 'uploads', ['POST', 'POST /:id/parts', 'POST /:id/complete', 'POST /:id/cancel']),
    ...managed(prefix, 'batches', ['GET', 'POST', 'GET /:id', 'POST /:id/cancel']),
  ]
}

function ask(prefix: string, id: ForwardId, model: 'required' | 'optional'): ForwardRoute {
  const path = `${prefix}/${id}`
  return { method: 'POST', path, base: path, id, model }
}

/** `verbs`: a method, and what follows the endpoint's path. */
function managed(prefix: string, id: ForwardId, verbs: string[], more: { isRaw?: true } = {}): ForwardRoute[] {
  const base = `${prefix}/${id}`
  return verbs.map((verb) => {
    const [method, below = ''] = verb.split(' ') as [ForwardRoute['method'], string?]
    return { method, path: base + below, base, id, model: 'none', ...more }
  })
}
