import type { Origin } from './request.ts'

/**
 * Signed thinking is only valid where it came from, and clients send it back verbatim. Where their
 * dialect has no place for the origin, it travels inside the signature: base64 of a mark and JSON. Nothing is stored.
 */
export interface Sealed extends Origin {
  signature?: string
  /** Encrypted thinking without text (Anthropic `redacted_thinking.data`). */
  redacted?: string
  /** The thinking itself, where the client wants none shown: its maker still needs it. */
  text?: string
  /** Id of the tool call that `signature` signs, where the client's dialect has no place for it at the call. */
  call?: string
}

/** Every sealed text begins with this: base64 of `llmgw1`. */
export const sealMark = 'bGxtZ3cx'

const mark = 'llmgw1'

export function seal(sealed: Sealed): string {
  const { provider, model, signature, redacted, text, call } = sealed
  // What is sealed stays as it is: an answer from the cache passes here again.
  const inner = signature ?? redacted
  if (inner?.startsWith(sealMark) === true) return inner
  return Buffer.from(mark + JSON.stringify({ provider, model, signature, redacted, text, call })).toString('base64')
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
  const { provider, model, ...others } = value as Record<string, unknown>
  const isTold = (name: string): boolean => others[name] === undefined || typeof others[name] === 'string'
  return (
    typeof provider === 'string' && typeof model === 'string' && ['signature', 'redacted', 'text', 'call'].every(isTold)
  )
}
