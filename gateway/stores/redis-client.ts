import type { Cluster, CommonRedisOptions, Redis } from 'ioredis'
import type { RedisAddress } from '../config/redis-url.ts'

/** What the link needs of a connection; one or several sockets are behind it, which come again by themselves. */
export interface RedisClient {
  /** Rejects at once while there is no connection: nothing waits in a queue, and nothing is sent twice. */
  send(command: string, args: readonly (string | number | Uint8Array)[]): Promise<unknown>
  isReady(): boolean
  close(): void
}

export interface RedisClientPorts {
  /** Certificate authorities in place of the usual ones. */
  ca: string[] | undefined
  onReady: () => void
  /** `error`: the last that was heard of. */
  onClosed: (error: unknown) => void
}

/** A command without an answer for so long ends its connection: a new one may find another way, or another server. */
const silentSocketMs = 2000
const longestRetryMs = 1000
/** So long replies may still come by a connection that is given up. */
const leaveMs = 100

/** Reads the library only here: who has no Redis does not pay for it. */
export async function connectRedis(address: RedisAddress, ports: RedisClientPorts): Promise<RedisClient> {
  const { Redis, Cluster } = await import('ioredis')
  const client =
    address.kind === 'cluster'
      ? new Cluster(address.hosts, { ...clusterOptions, redisOptions: nodeOptions(address, ports.ca) })
      : new Redis({ ...nodeOptions(address, ports.ca), ...placeOf(address) })
  listen(client, ports)
  return {
    send: (command, args) => client.callBuffer(command, args.map(asArgument)),
    isReady: () => client.status === 'ready',
    close: () => client.disconnect(),
  }
}

function nodeOptions({ username, password, database, isTls, kind }: RedisAddress, ca: string[] | undefined) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(kind === 'cluster' ? {} : { db: database }),
    ...(isTls ? { tls: ca === undefined ? {} : { ca } } : {}),
    connectionName: 'llm-gateway',
    disableClientInfo: true,
    enableOfflineQueue: false,
    // A take that is sent again would be counted twice.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Only behind sentinels it says something that a probe does not: whether this is the master.
    enableReadyCheck: kind === 'sentinel',
    connectTimeout: silentSocketMs,
    socketTimeout: silentSocketMs,
    keepAlive: 10_000,
    retryStrategy: retryAfterMs,
    // A master that became a replica after a failover: ask again who is master.
    reconnectOnError: saysReplica(),
  } satisfies CommonRedisOptions & { tls?: { ca?: string[] } }
}

/** One of many calls that are told so at once is enough: the library would take leave of its socket for each. */
function saysReplica(): (error: Error) => boolean {
  let saidMs = -Infinity
  return ({ message }) => {
    if (!message.startsWith('READONLY') || performance.now() - saidMs < leaveMs) return false
    saidMs = performance.now()
    return true
  }
}

function placeOf({ kind, hosts, masterName, isTls, sentinelPassword }: RedisAddress) {
  if (kind === 'single') return hosts[0] ?? {}
  return {
    sentinels: hosts,
    sentinelRetryStrategy: retryAfterMs,
    enableTLSForSentinelMode: isTls,
    ...(masterName === undefined ? {} : { name: masterName }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  }
}

const clusterOptions = {
  enableOfflineQueue: false,
  clusterRetryStrategy: retryAfterMs,
  slotsRefreshTimeout: silentSocketMs,
  maxRedirections: 4,
  // Names are resolved by the connection itself: certificates are made out to them.
  dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host),
}

function retryAfterMs(times: number): number {
  return Math.min(longestRetryMs, 50 * 2 ** Math.min(times, 10))
}

function listen(client: Redis | Cluster, { onReady, onClosed }: RedisClientPorts): void {
  let lastError: unknown
  // Without a listener the library writes to the console.
  client.on('error', (error: unknown) => {
    lastError = error
    // A wrong password closes nothing that had been open: without this nobody would hear of it.
    if (client.status !== 'ready') onClosed(error)
  })
  client.on('ready', () => {
    lastError = undefined
    onReady()
  })
  client.on('close', () => onClosed(lastError))
  client.on('end', () => onClosed(lastError))
}

function asArgument(value: string | number | Uint8Array): string | number | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}
