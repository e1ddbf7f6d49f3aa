import { describe, expect, test } from 'vitest'
import { effectiveConfigYaml } from '../../../gateway/config/print.ts'
import { maskedData } from '../../../gateway/config/key-spots.ts'
import { exportConfig } from '../../../gateway/config/export.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import { parseRedisUrl, redisSecrets, type RedisAddress } from '../../../gateway/config/redis-url.ts'

const host = (name: string, port = 6379) => ({ host: name, port })

const good: [string, RedisAddress][] = [
  ['redis://localhost', { kind: 'single', isTls: false, hosts: [host('localhost')], database: 0 }],
  ['redis://[::1]:7000/3', { kind: 'single', isTls: false, hosts: [host('::1', 7000)], database: 3 }],
  [
    'rediss://gateway:p%40ss%2Fword@cache.example.com:6380',
    {
      kind: 'single',
      isTls: true,
      hosts: [host('cache.example.com', 6380)],
      username: 'gateway',
      password: 'p@ss/word',
      database: 0,
    },
  ],
  ['redis://:a:b@h', { kind: 'single', isTls: false, hosts: [host('h')], password: 'a:b', database: 0 }],
  [
    'redis-sentinel://:pw@s1,s2:26380/main/2?sentinelPassword=other%21',
    {
      kind: 'sentinel',
      isTls: false,
      hosts: [host('s1', 26_379), host('s2', 26_380)],
      password: 'pw',
      sentinelPassword: 'other!',
      masterName: 'main',
      database: 2,
    },
  ],
  ['redis+cluster://n1:1,n2:2', { kind: 'cluster', isTls: false, hosts: [host('n1', 1), host('n2', 2)], database: 0 }],
  ['rediss-cluster://n1', { kind: 'cluster', isTls: true, hosts: [host('n1')], database: 0 }],
]

test.each(good)('%s', (url, address) => {
  expect(parseRedisUrl(url)).toEqual(address)
})

const bad: [string, RegExp][] = [
  ['localhost:6379', /expected redis:/],
  ['http://localhost', /expected redis:/],
  ['redis://', /expected redis:/],
  ['redis://secret@host', /redis:\/\/:password@host/],
  ['redis://host:99999', /host is missing, or its port/],
  ['redis://:sec/ret@host', /host is missing/],
  ['redis://a,b', /several hosts/],
  ['redis://host/main', /number of the database/],
  ['redis-sentinel://host', /name the server/],
  ['redis-cluster://host/1', /only the database 0/],
  ['redis://user:sec%ret@host', /%25/],
  ['redis://host?tls=true', /knows no "\?tls"/],
]

test.each(bad)('%s is refused', (url, words) => {
  const problem = parseRedisUrl(url)
  expect(problem).toMatch(words)
  expect(problem).not.toContain('sec')
})

describe('the password', () => {
  const url = 'redis://gateway:very-secret@10.0.0.5:6379'
  const yaml = `cache:\n  backend: redis\n  redis: { url: "${url}" }\n`

  test('is known as a secret', () => {
    expect(redisSecrets(url)).toEqual(['very-secret'])
    expect(redisSecrets('redis-sentinel://:one-secret@h/m?sentinelPassword=two')).toEqual(['one-secret', 'two'])
    expect(redisSecrets('redis://h')).toEqual([])
  })

  test('is not printed, shown or exported', async () => {
    const { config } = parseConfig(yaml, { file: 'gateway.yaml', env: {} })
    expect(config.cache.redis.url).toBe(url)
    const printed = effectiveConfigYaml(config)
    expect(printed).toContain('redis://***@10.0.0.5:6379')
    expect(JSON.stringify(maskedData({ cache: { redis: { url } } }))).toContain('redis://***@10.0.0.5')
    const exported = await exportConfig(yaml, [])
    expect(exported).toContain('url: "${REDIS_URL}"')
    expect(exported).toMatch(/REDIS_URL\s+address of Redis/)
    expect(printed + exported).not.toContain('very-secret')
  })
})
