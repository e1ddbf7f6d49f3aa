import type { Warning } from '../chat/request.ts'
import type { ResponseHeaders } from '../upstream/upstream.ts'
import type { Target } from './call.ts'

/** Of the provider's headers only these reach the client: hop-by-hop, cookies and infrastructure stay behind. */
const handedOn = new Set([
  'x-request-id',
  'request-id',
  'openai-processing-ms',
  'openai-version',
  'openai-organization',
  'openai-project',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
])

export interface ReplyFacts {
  target: Target
  /** Attempts the call took. */
  number: number
  stream: boolean
  warnings: Warning[]
}

/** The head of a good answer. */
export function replyHeaders(upstream: ResponseHeaders, facts: ReplyFacts): Record<string, string> {
  const { target, number, stream } = facts
  const headers: Record<string, string> = {
    'content-type': stream ? 'text/event-stream; charset=utf-8' : 'application/json',
    'x-gateway-provider': target.provider.name,
    'x-gateway-model': headerText(target.model),
    'x-gateway-attempts': String(number),
  }
  if (stream) {
    headers['cache-control'] = 'no-cache'
    // nginx and its kin would hold a stream back until their buffer is full.
    headers['x-accel-buffering'] = 'no'
  }
  for (const name in upstream) {
    const value = upstream[name]
    if (handedOn.has(name) && typeof value === 'string') headers[name] = value
  }
  const warnings = warningTexts(facts)
  if (warnings.length > 0) headers['x-gateway-warnings'] = joined(warnings)
  return headers
}

/** Clients refuse a head of more than 16 KB, proxies one of 4 or 8; and the client chooses how much there is to warn of. */
const warningsLength = 2000

function joined(warnings: string[]): string {
  let text = ''
  for (const [index, warning] of warnings.entries()) {
    if (text.length + warning.length > warningsLength) return `${text}and ${warnings.length - index} more`
    text += index === warnings.length - 1 ? warning : `${warning}; `
  }
  return text
}

function warningTexts({ target, warnings }: ReplyFacts): string[] {
  const texts = warnings.map(({ feature, reason }) => headerText(`${feature}: ${reason}`))
  if (target.substituted) texts.unshift(fallbackWarning(target))
  return texts
}

export function fallbackWarning({ provider, model }: Pick<Target, 'provider' | 'model'>): string {
  return headerText(`fallback: answered by ${provider.name}/${model}`)
}

/** On an answer to another question that means the same: how alike the two are, and whose answer it is. */
export function semanticHeaders({ similarity, sourceCallId }: { similarity: number; sourceCallId: string }) {
  return { 'x-gateway-similarity': similarity.toFixed(3), 'x-gateway-cache-source': headerText(sourceCallId) }
}

/** Header values are latin1 without control characters; model names and member names come from others. */
export function headerText(text: string): string {
  return text.slice(0, 300).replace(/[^\x20-\x7e]/g, '?')
}
