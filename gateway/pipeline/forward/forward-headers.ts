import type { ResponseHeaders } from '../../upstream/upstream.ts'
import type { Target } from '../call.ts'
import { replyHeaders } from '../reply-headers.ts'

/**
 * Pictures, sound and files are what others made, and may be a page with a script: opened in a browser under the
 * gateway's own address it must not become part of its window.
 */
const asData = { 'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff' }

/** The head of an answer that is handed on: the provider's own type of content, and what any answer says. */
export function forwardHeaders(
  upstream: ResponseHeaders,
  { target, number, isStream }: { target: Target; number: number; isStream: boolean },
  namesModel: boolean,
): Record<string, string> {
  const headers = replyHeaders(upstream, { target, number, stream: isStream, warnings: [] })
  const { 'content-type': type, 'content-disposition': disposition } = upstream
  headers['content-type'] = typeof type === 'string' ? type : 'application/octet-stream'
  if (typeof disposition === 'string') headers['content-disposition'] = disposition
  if (!namesModel) delete headers['x-gateway-model']
  return Object.assign(headers, asData)
}
