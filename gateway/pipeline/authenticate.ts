import { formatMoment } from '../config/moment.ts'
import type { Config } from '../config/schema.ts'
import { GatewayError } from '../errors.ts'
import type { Limit } from '../stores/counter.ts'
import type { Caller } from './call.ts'
import { limitsOf } from './admit.ts'
import { createKeyRing, type ClientKey, type FoundKey } from './key-ring.ts'

/** Token -> caller. */
export type Authenticate = (token: string | undefined) => Caller

export const anonymousName = 'anonymous'

/**
 * Tokens that are no key are anonymous where that is allowed, all of them one caller: otherwise a made-up key would be a
 * fresh allowance. One that is a key, and is expired or revoked, is refused in any case: whoever sends it believes to be
 * somebody. `now`: milliseconds since 1970.
 */
export function createAuthenticate(config: Config, now: () => number = Date.now): Authenticate {
  const { keys } = config.auth
  const find = createKeyRing(keys)
  const callers = new Map(keys.map((key) => [key, callerOf(key, config)]))
  const anonymous: Caller = {
    name: anonymousName,
    models: undefined,
    limits: callerLimits(config, anonymousName, undefined),
  }
  return (token) => {
    const found = token === undefined || keys.length === 0 ? undefined : find(token)
    const caller = found === undefined ? undefined : callers.get(found.key)
    if (found !== undefined && caller !== undefined) {
      checkInForce(found, now)
      return caller
    }
    if (config.auth.anonymous) return anonymous
    throw new GatewayError('invalid_api_key', refusal(token))
  }
}

function callerOf({ name, models, rateLimit }: ClientKey, config: Config): Caller {
  return { name, models, limits: callerLimits(config, name, rateLimit) }
}

function checkInForce({ key: { name, disabled, expires }, replacedUntil }: FoundKey, now: () => number): void {
  if (disabled) throw refused(`The key "${name}" is revoked. Ask whoever runs this gateway for another one.`)
  if (expires === undefined && replacedUntil === undefined) return
  const time = now()
  if (expires !== undefined && time >= expires) {
    throw refused(`The key "${name}" expired ${whenWords(expires)}. Ask whoever runs this gateway for a new one.`)
  }
  if (replacedUntil !== undefined && time >= replacedUntil) {
    throw refused(
      `This is the old key of "${name}", which was replaced and stopped working ${whenWords(replacedUntil)}: use the new one.`,
    )
  }
}

function refused(text: string): GatewayError {
  return new GatewayError('invalid_api_key', text)
}

/** `at the end of 2026-12-31 (UTC)`, `at 2026-12-31 18:00 UTC` */
function whenWords(moment: number): string {
  const text = formatMoment(moment, 'end')
  return text.includes('T') ? `at ${text.slice(0, 16).replace('T', ' ')} UTC` : `at the end of ${text} (UTC)`
}

function refusal(token: string | undefined): string {
  return token === undefined
    ? 'This gateway asks for a key: send one of its auth.keys as "Authorization: Bearer KEY".'
    : 'This gateway does not know the key that was sent; use one of its auth.keys.'
}

function callerLimits(config: Config, name: string, own: ClientKey['rateLimit']): Limit[] {
  const shared = config.rateLimit.enabled ? config.rateLimit.perKey : undefined
  // A key's own limit stands in place of the one for all keys.
  return limitsOf(`key/${name}`, own ?? shared)
}
