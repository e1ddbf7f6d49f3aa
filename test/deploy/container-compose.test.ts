import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { runGateway } from '../helpers/gateway.ts'

interface Service {
  image: string
  environment: Record<string, string>
  ports?: string[]
  volumes: string[]
  command?: string[]
  healthcheck?: { test: string[] }
  depends_on?: object
  [key: string]: unknown
}

const folder = 'deploy/compose'
const text = readFileSync(`${folder}/compose.yaml`, 'utf8')
const compose = parse(text) as { services: { gateway: Service; redis: Service }; volumes: object }
const { gateway, redis } = compose.services

/** As compose fills in `${NAME}`, `${NAME:-else}` and `${NAME:?why}`. */
function filledIn(service: Service, values: Record<string, string>): Record<string, string> {
  const entries = Object.entries(service.environment).map(([name, value]) => [
    name,
    value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, variable: string, kind: string, more: string) => {
      if (values[variable]) return values[variable]
      if (kind === '?') throw new Error(more)
      return more
    }),
  ])
  return Object.fromEntries(entries) as Record<string, string>
}

describe('deploy/compose', () => {
  test('env.example names every variable that compose.yaml asks for, and holds no value but a port', () => {
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    const offered = readFileSync(`${folder}/env.example`, 'utf8').matchAll(/^(\w+)=(.*)$/gm)
    const lines = [...offered].map(([, name, value]) => [name, value])
    expect(new Set(lines.map(([name]) => name))).toEqual(new Set(asked))
    expect(lines.filter(([, value]) => value !== '')).toEqual([['PUBLISHED_PORT', '8080']])
  })

  test('without a key or a password it is said what to do', () => {
    expect(() => filledIn(gateway, { REDIS_PASSWORD: 'x' })).toThrow('write OPENAI_API_KEY into .env')
    expect(() => filledIn(redis, {})).toThrow('write REDIS_PASSWORD into .env')
  })

  test('both are as locked up as they can be, and only this machine reaches the gateway', () => {
    for (const service of [gateway, redis]) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    }
    expect(gateway.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:.*:8080$/)])
    expect(redis.ports).toBeUndefined()
    expect(gateway.volumes).toEqual(['./config:/app:ro', 'ledger:/data'])
    expect(gateway.depends_on).toEqual({ redis: { condition: 'service_healthy' } })
    expect(gateway['stop_grace_period']).toBe('40s')
    expect(redis.healthcheck?.test[0]).toBe('CMD-SHELL')
  })

  test('the gateway takes the file that lies there, with cache, limits and budgets in Redis', async () => {
    const config = readFileSync(`${folder}/config/gateway.yaml`, 'utf8')
    expect(parse(config)).toMatchObject({
      cache: { backend: 'redis' },
      rateLimit: { backend: 'redis' },
      budgets: { backend: 'redis' },
    })
    const env = filledIn(gateway, { OPENAI_API_KEY: 'sk-a', REDIS_PASSWORD: 'secret' })
    expect(env['REDIS_URL']).toBe('redis://:secret@redis:6379/0')
    expect(await runGateway({ config, env, args: ['--check'] })).toMatchObject({ exitCode: 0, stderr: '' })
  })
})
