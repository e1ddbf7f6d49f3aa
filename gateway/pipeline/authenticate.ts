import { hash } from 'node:crypto'
import type { Config } from '../config/schema.ts'
import { GatewayError } from '../errors.ts'
import type { Limit } from '../stores/counter.ts'
import type { Caller } from './call.ts'
import { limitsOf } from './admit.ts'

/** Token -> caller. */
export type Authenticate = (token: string | undefined) => Caller

export const anonymousName = 'anonymous'

/**
 * Keys are looked up by the SHA-256 of the whole token: the time it takes says nothing about how much of a key was
 * right, and a key of the file is not kept in memory as text. Tokens that are no key are anonymous where that is
 * allowed, all of them one caller: otherwise a made-up key would be a fresh allowance.
 */
export function createAuthenticate(config: Config): Authenticate {
  const callers = new Map(
    config.auth.keys.map(({ name, key, hash: known, models, rateLimit }) => {
      const digest = known === undefined ? hash('sha256', key ?? '', 'hex') : known.slice('sha256:'.length)
      return [digest, { name, models, limits: callerLimits(config, name, rateLimit) }]
    }),
  )
  const anonymous: Caller = {
    name: anonymousName,
    models: undefined,
    limits: callerLimits(config, anonymousName, undefined),
  }
  return (token) => {
    const caller = token === undefined || callers.size === 0 ? undefined : callers.get(hash('sha256', token, 'hex'))
    if (caller !== undefined) return caller
    if (config.auth.anonymous) return anonymous
    throw new GatewayError('invalid_api_key', refusal(token))
  }
}

function refusal(token: string | undefined): string {
  return token === undefined
    ? 'This gateway asks for a key: send one of its auth.keys as "Authorization: Bearer KEY".'
    : 'This gateway does not know the key that was sent; use one of its auth.keys.'
}

function callerLimits(config: Config, name: string, own: Config['auth']['keys'][number]['rateLimit']): Limit[] {
  const shared = config.rateLimit.enabled ? config.rateLimit.perKey : undefined
  // A key's own limit stands in place of the one for all keys.
  return limitsOf(`key/${name}`, own ?? shared)
}
