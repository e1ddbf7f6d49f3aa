import type { Config } from './config/schema.ts'
import { createMemoryCache } from './stores/cache-memory.ts'
import type { RedisCachePorts } from './stores/cache-redis.ts'
import type { Cache, CacheInspector } from './stores/cache.ts'
import type { SharedCircuits } from './stores/circuits-redis.ts'
import { createMemoryCounter } from './stores/counter-memory.ts'
import type { RedisCounterPorts } from './stores/counter-redis.ts'
import type { Counter } from './stores/counter.ts'
import type { OpenRedis } from './stores/open-redis.ts'
import { createMemorySpending } from './stores/spending-memory.ts'
import type { RedisSpending } from './stores/spending-redis.ts'
import type { Spending } from './stores/spending.ts'
import { createMemoryVectors } from './stores/vectors-memory.ts'
import type { RedisVectorsPorts } from './stores/vectors-redis.ts'
import type { Vectors, VectorsInspector } from './stores/vectors.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

/** What many gateways can have in common. */
export interface OpenStores {
  counter: Counter
  cache: Cache & CacheInspector
  /** What the cache's answers were asked, for the semantic cache; emptied with it. */
  vectors: Vectors & VectorsInspector
  spending: Spending
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
  /** Where the ledger lies; undefined: it is in memory. */
  dataFolder: string | undefined
}

/** In this process, or in Redis where that is configured: only then is anything of it read. */
export async function openStores(config: Config, ports: OpenStoresPorts): Promise<OpenStores> {
  const { cache, rateLimit, budgets } = config
  const { now, dataFolder } = ports
  const local = createMemoryCounter({ now })
  const isWanted = [cache, rateLimit, budgets].some(({ backend }) => backend === 'redis')
  const redis = isWanted ? await openConfiguredRedis(config, ports) : undefined
  const spending =
    redis === undefined || budgets.backend === 'memory' ? undefined : await redisSpending({ ...redis, now, dataFolder })
  return {
    counter:
      redis === undefined || rateLimit.backend === 'memory' ? local : await redisCounter({ ...redis, local, now }),
    ...(await openCache(config, redis, now)),
    spending: spending ?? createMemorySpending(),
    circuits: redis === undefined ? undefined : await redisCircuits({ ...redis, nowMs: ports.nowMs }),
    storeNotices: () => (redis?.link.problem() === undefined ? [] : [`${redis.link.problem()}; ${alone}`]),
    closeStores() {
      spending?.close()
      redis?.link.close()
    },
  }
}

/** Together: an answer that is cleared takes its question along. */
async function openCache(
  { cache: { backend, maxSize: maxBytes } }: Config,
  redis: OpenRedis | undefined,
  now: () => number,
): Promise<Pick<OpenStores, 'cache' | 'vectors'>> {
  const isShared = redis !== undefined && backend === 'redis'
  const cache = isShared ? await redisCache({ ...redis, maxBytes, now }) : createMemoryCache({ maxBytes, now })
  const vectors: OpenStores['vectors'] = isShared ? await redisVectors({ ...redis, now }) : createMemoryVectors({ now })
  return {
    vectors,
    cache: {
      ...cache,
      clear(model) {
        void vectors.clear(model)
        return cache.clear(model)
      },
    },
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

async function redisSpending({
  dataFolder,
  ...ports
}: OpenRedis & Pick<OpenStoresPorts, 'now' | 'dataFolder'>): Promise<RedisSpending> {
  const { RedisSpending } = await import('./stores/spending-redis.ts')
  const { keepGatewayId } = await import('./stores/gateway-id.ts')
  return new RedisSpending({ ...ports, gatewayId: await keepGatewayId(dataFolder) })
}

async function redisCounter(ports: RedisCounterPorts): Promise<Counter> {
  const { createRedisCounter } = await import('./stores/counter-redis.ts')
  return createRedisCounter(ports)
}

async function redisCache(ports: RedisCachePorts): Promise<Cache & CacheInspector> {
  const { createRedisCache } = await import('./stores/cache-redis.ts')
  return createRedisCache(ports)
}

async function redisVectors(ports: RedisVectorsPorts): Promise<Vectors & VectorsInspector> {
  const { createRedisVectors } = await import('./stores/vectors-redis.ts')
  return createRedisVectors(ports)
}
