import type { CacheControl, JsonObject, Warning } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import type { WriteTarget } from '../../dialect.ts'

/** A fifth cache_control is a 400 (https://platform.claude.com/docs/en/build-with-claude/prompt-caching). */
const MAX_CACHE_MARKS = 4

/** What the parts of one request are written with. */
export interface WriteContext {
  readonly target: WriteTarget
  readonly warnings: Warning[]
  readonly warn: (feature: string, reason: string) => void
  /** `{ cache_control }` for the block it is spread into, `{}` without a mark. */
  readonly cacheMark: (mark: CacheControl | undefined) => JsonObject
}

export function newContext(target: WriteTarget): WriteContext {
  const warnings: Warning[] = []
  const warn = (feature: string, reason: string): void => void warnings.push({ feature, reason })
  let marks = 0
  return {
    target,
    warnings,
    warn,
    cacheMark(mark) {
      if (mark === undefined) return {}
      marks += 1
      if (marks === MAX_CACHE_MARKS + 1) warn('cache_control', `only the first ${MAX_CACHE_MARKS} marks are kept`)
      if (marks > MAX_CACHE_MARKS) return {}
      return { cache_control: mark.ttl === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: mark.ttl } }
    },
  }
}

/** Content stops the call: an answer to less than was asked would look like an answer. */
export function unsupported(param: string, what: string): GatewayError {
  return new GatewayError('unsupported_content', `${param}: ${what}`, { param })
}
