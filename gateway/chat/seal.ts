import type { Origin } from './request.ts'

/**
 * Signed thinking is only valid where it came from (DESIGN section 4), and clients send it back verbatim. Where their
 * dialect has no place for the origin, it travels inside the signature: base64 of a mark and JSON. Nothing is stored.
 */
export interface Sealed extends Origin {
  signature?: string
  /** Encrypted thinking without text (Anthropic `redacted_thinking.data`). */
  redacted?: string
}

/** Every sealed text begins with this: base64 of `llmgw1`. */
export const sealMark = 'bGxtZ3cx'

const mark = 'llmgw1'

export function seal(sealed: Sealed): string {
  const { provider, model, signature, redacted } = sealed
  // What is sealed stays as it is: an answer from the cache passes here again.
  const inner = signature ?? redacted
  if (inner?.startsWith(sealMark) === true) return inner
  return Buffer.from(mark + JSON.stringify({ provider, model, signature, redacted })).toString('base64')
}

/** undefined: not ours, the provider's own. */
export function unseal(text: string): Sealed | undefined {
  if (!text.startsWith(sealMark)) return undefined
  try {
    const sealed: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8').slice(mark.length))
    return isSealed(sealed) ? sealed : undefined
  } catch {
    return undefined
  }
}

function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false
  const { provider, model, signature, redacted } = value as Record<string, unknown>
  return (
    typeof provider === 'string' &&
    typeof model === 'string' &&
    (signature === undefined || typeof signature === 'string') &&
    (redacted === undefined || typeof redacted === 'string')
  )
}
