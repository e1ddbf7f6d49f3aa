import { readFileSync } from 'node:fs'
import { getCACertificates } from 'node:tls'
import { parseRedisUrl, type RedisAddress } from '../config/redis-url.ts'
import { ConfigError } from '../config/types.ts'
import { connectRedis } from './redis-client.ts'
import { openRedisLink, type RedisLink } from './redis-link.ts'
import { describeRedisProblem } from './redis-problem.ts'

export interface RedisSettings {
  url: string
  /** What every key begins with. */
  prefix: string
  /** PEM file of certificate authorities to trust besides the usual ones. */
  caFile: string | undefined
}

export interface OpenRedis {
  link: RedisLink
  prefix: string
  /** How many parts a cache should have, so that a cluster spreads it. */
  parts: number
}

export interface OpenRedisPorts {
  nowMs: () => number
  /** How long to wait for an answer; absent: as long as calls may wait. */
  answerMs?: number
  /** Once for each change; `problem` undefined: it answers. `place` is its address without user and password. */
  onChange: (problem: string | undefined, place: string) => void
}

const clusterParts = 16

/** Does not fail where Redis is not there: then each gateway is by itself until it is. */
export async function openRedis(settings: RedisSettings, ports: OpenRedisPorts): Promise<OpenRedis> {
  const { url, prefix, caFile } = settings
  const { onChange, ...others } = ports
  const address = parseRedisUrl(url)
  if (typeof address === 'string') throw new ConfigError('', [{ path: 'cache.redis.url', message: address }])
  const ca = caFile === undefined || !address.isTls ? undefined : certificates(caFile)
  const place = placeOf(address)
  const link = await openRedisLink({
    connect: (events) => connectRedis(address, { ca, ...events }),
    probeKey: `{${prefix}:probe}`,
    describe: (error) => describeRedisProblem(error, place),
    onChange: (problem) => onChange(problem, place),
    ...others,
  })
  return { link, prefix, parts: address.kind === 'cluster' ? clusterParts : 1 }
}

function placeOf({ hosts }: RedisAddress): string {
  return hosts.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)).join(', ')
}

/** The file was read before, by the way out to the providers: that it can be is known. */
function certificates(file: string): string[] {
  return [...getCACertificates('default'), readFileSync(file, 'utf8')]
}
