/** It did not answer in time, whatever the reason. */
export class RedisSilent extends Error {
  override readonly name = 'RedisSilent'
}

const setting = 'cache.redis.url'

/** By the code that Redis puts first in its refusals (https://redis.io/docs/latest/develop/reference/protocol-spec). */
const refusals: Record<string, string> = {
  WRONGPASS: `refuses the user or the password in ${setting}: correct them`,
  NOAUTH: `asks for a password: write it into ${setting} (redis://user:password@host)`,
  NOPERM: 'does not let this user do what the gateway needs: docs/configuration.md says which rights it takes',
  LOADING: 'is still loading its data',
  READONLY: 'is a replica, which takes no changes: name the master, or its sentinels',
  OOM: 'is full (maxmemory) and evicts nothing: give it more memory or an eviction policy',
  MISCONF: 'cannot save to its disk and so takes no changes',
  CLUSTERDOWN: 'is a cluster of which a part is missing',
  MOVED: 'is part of a cluster: write redis-cluster:// in place of redis://',
}

/** By what the system says of the connection. */
const failures: Record<string, string> = {
  ECONNREFUSED: 'is not reached: nothing listens there',
  ENOTFOUND: 'is not found: no host has this name',
  EAI_AGAIN: 'is not found: the name server does not answer',
  EHOSTUNREACH: 'is not reached: there is no way to this host',
  ENETUNREACH: 'is not reached: there is no way to this network',
  ETIMEDOUT: 'is not reached: its host does not answer',
  ECONNRESET: 'closed the connection (does it want rediss://, or no TLS?)',
  EPIPE: 'closed the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate of an unknown authority: name it in network.caFile',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate of an unknown authority: name it in network.caFile',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate of an unknown authority: name it in network.caFile',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for another name than the one in the address',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS there: write redis:// in place of rediss://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS there: write redis:// in place of rediss://',
}

/** What is the matter with Redis, for people: `Redis at 10.0.0.5:6379 is not reached: nothing listens there`. */
export function describeRedisProblem(error: unknown, place: string): string {
  return `Redis at ${place} ${predicate(error)}`
}

function predicate(error: unknown): string {
  if (!(error instanceof Error)) return 'closed the connection'
  if (error instanceof RedisSilent) return error.message
  const [code = ''] = error.message.split(' ', 1)
  const known = refusals[code] ?? failures[codeOf(error)]
  if (known !== undefined) return known
  // ioredis: all nodes of a cluster failed, the last of them so.
  const last = 'lastNodeError' in error ? error.lastNodeError : error.cause
  if (last instanceof Error && last !== error) return predicate(last)
  // What neither Redis nor the system said is the library's, about a connection that is no more.
  return error.name === 'ReplyError' || codeOf(error) !== '' ? `failed: ${error.message}` : 'closed the connection'
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
