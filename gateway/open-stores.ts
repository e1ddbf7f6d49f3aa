import type { Config } from './config/schema.ts'
import { createMemoryCache } from './stores/cache-memory.ts'
import type { RedisCachePorts } from './stores/cache-redis.ts'
import type { Cache, CacheInspector } from './stores/cache.ts'
import type { SharedCircuits } from './stores/circuits-redis.ts'
import { createMemoryCounter } from './stores/counter-memory.ts'
import type { RedisCounterPorts } from './stores/counter-redis.ts'
import type { Counter } from './stores/counter.ts'
import type { OpenRedis } from './stores/open-redis.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** What many gateways can have in common. */
export interface OpenStores {
  counter: Counter
  cache: Cache & CacheInspector
  /** undefined: each gateway finds out for itself. */
  circuits: SharedCircuits | undefined
  /** What is not as it should be, for people. */
  storeNotices: () => string[]
  closeStores: () => void
}

export interface OpenStoresPorts {
  now: () => number
  nowMs: () => number
  log: Log
  metrics: Pick<Metrics, 'redis'>
}

/** In this process, or in Redis where that is configured: only then is anything of it read. */
export async function openStores(config: Config, ports: OpenStoresPorts): Promise<OpenStores> {
  const { cache, rateLimit } = config
  const { now } = ports
  const local = createMemoryCounter({ now })
  const redis =
    cache.backend === 'redis' || rateLimit.backend === 'redis' ? await openConfiguredRedis(config, ports) : undefined
  return {
    counter:
      redis === undefined || rateLimit.backend === 'memory' ? local : await redisCounter({ ...redis, local, now }),
    cache:
      redis === undefined || cache.backend === 'memory'
        ? createMemoryCache({ maxBytes: cache.maxSize, now })
        : await redisCache({ ...redis, maxBytes: cache.maxSize, now }),
    circuits: redis === undefined ? undefined : await redisCircuits({ ...redis, nowMs: ports.nowMs }),
    storeNotices: () => (redis?.link.problem() === undefined ? [] : [`${redis.link.problem()}; ${alone}`]),
    closeStores: () => redis?.link.close(),
  }
}

const alone = 'until it answers, this gateway counts and caches by itself'

async function openConfiguredRedis(
  { cache: { redis }, network: { caFile } }: Config,
  { nowMs, log, metrics }: OpenStoresPorts,
): Promise<OpenRedis> {
  const { openRedis } = await import('./stores/open-redis.ts')
  return openRedis(
    { ...redis, caFile },
    {
      nowMs,
      onChange(problem, place) {
        metrics.redis(problem === undefined)
        if (problem === undefined) log.info({ redis: place }, 'Redis answers')
        else log.warn({ redis: place }, `${problem}; ${alone}`)
      },
    },
  )
}

async function redisCircuits(ports: OpenRedis & { nowMs: () => number }): Promise<SharedCircuits> {
  const { createRedisCircuits } = await import('./stores/circuits-redis.ts')
  return createRedisCircuits(ports)
}

async function redisCounter(ports: RedisCounterPorts): Promise<Counter> {
  const { createRedisCounter } = await import('./stores/counter-redis.ts')
  return createRedisCounter(ports)
}

async function redisCache(ports: RedisCachePorts): Promise<Cache & CacheInspector> {
  const { createRedisCache } = await import('./stores/cache-redis.ts')
  return createRedisCache(ports)
}
