/** Where a Redis is, read from one address. */
export interface RedisAddress {
  kind: 'single' | 'sentinel' | 'cluster'
  isTls: boolean
  /** One for `single`; the sentinels, or the first nodes of the cluster to ask, for the others. */
  hosts: RedisHost[]
  username?: string
  password?: string
  /** Of the sentinels themselves, where they ask for one of their own. */
  sentinelPassword?: string
  /** What the sentinels call the server that is meant. */
  masterName?: string
  database: number
}

export interface RedisHost {
  host: string
  port: number
}

const form = /^redis(s?)(?:[-+](sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i
const shape =
  'expected redis://user:password@host:6379/0, rediss:// for TLS, redis-sentinel://host:26379,host:26379/master-name or redis-cluster://host:6379,host:6379'

/** The address, or in words what is wrong with it; the words show nothing of it, for a password may be in it. */
export function parseRedisUrl(text: string): RedisAddress | string {
  const found = form.exec(text.trim())
  if (found === null) return shape
  const [, tls = '', way, userInfo, hostList = '', path = '', query = ''] = found
  const kind = way?.toLowerCase() === 'sentinel' ? 'sentinel' : way === undefined ? 'single' : 'cluster'
  const hosts = hostList.split(',').map((host) => readHost(host, kind === 'sentinel' ? 26_379 : 6379))
  const known = hosts.filter((host) => host !== undefined)
  if (known.length < hosts.length) return 'a host is missing, or its port is no number from 1 to 65535'
  if (kind === 'single' && hosts.length > 1) return 'several hosts need redis-sentinel:// or redis-cluster://'
  const place = readPath(path, kind)
  if (typeof place === 'string') return place
  const secrets = readSecrets(userInfo, query)
  if (typeof secrets === 'string') return secrets
  return { kind, isTls: tls !== '', hosts: known, ...secrets, ...place }
}

function readHost(text: string, standardPort: number): RedisHost | undefined {
  const found = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim())
  const host = found?.[1] ?? found?.[2]
  if (host === undefined) return undefined
  const port = found?.[3] === undefined ? standardPort : Number(found[3])
  return port >= 1 && port <= 65_535 ? { host, port } : undefined
}

function readPath(path: string, kind: RedisAddress['kind']): { masterName?: string; database: number } | string {
  const parts = path.split('/').filter((part) => part !== '')
  const masterName = kind === 'sentinel' ? parts.shift() : undefined
  if (kind === 'sentinel' && masterName === undefined) {
    return 'name the server that the sentinels watch: redis-sentinel://host:26379/master-name'
  }
  const [number = '0', ...more] = parts
  if (more.length > 0 || !/^\d{1,5}$/.test(number)) return 'after the host comes the number of the database, such as /0'
  if (kind === 'cluster' && Number(number) !== 0) return 'a cluster has only the database 0'
  return { database: Number(number), ...(masterName === undefined ? {} : { masterName }) }
}

type RedisSecrets = Pick<RedisAddress, 'username' | 'password' | 'sentinelPassword'>

/** `user:password` or `:password`. A single word would be read as the user, and is nearly always the password. */
function readSecrets(userInfo: string | undefined, query: string): RedisSecrets | string {
  const secrets: RedisSecrets = {}
  if (userInfo !== undefined && !userInfo.includes(':')) return 'write the password as redis://:password@host'
  try {
    const [name = '', ...rest] = (userInfo ?? '').split(':')
    const username = decodeURIComponent(name)
    const password = decodeURIComponent(rest.join(':'))
    if (username !== '') secrets.username = username
    if (password !== '') secrets.password = password
  } catch {
    return 'the user or the password has a % that begins no character: write %25 for it'
  }
  for (const [name, value] of new URLSearchParams(query)) {
    if (name !== 'sentinelPassword') return `knows no "?${name.slice(0, 40)}": only ?sentinelPassword=`
    secrets.sentinelPassword = value
  }
  return secrets
}

/** What no log and no answer may show of it. */
export function redisSecrets(text: string): string[] {
  const address = parseRedisUrl(text)
  if (typeof address === 'string') return []
  return [address.password, address.sentinelPassword].filter((secret) => secret !== undefined)
}
