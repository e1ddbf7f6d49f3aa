import diagnostics from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'

/** docs/openapi.json says what the gateway serves: all of it, and nothing else. That it is fresh: docs.test.ts. */

const file = 'docs/openapi.json'
const source = readFileSync(file, 'utf8')
const { paths, components } = JSON.parse(source) as {
  paths: Record<string, Record<string, unknown>>
  components: { headers: Record<string, unknown> }
}
const documented = Object.entries(paths).flatMap(([path, operations]) =>
  Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
)

/** Methods OpenAPI 3.1 has words for. */
const known = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH'])

const token = 'admin-token-of-this-test'
const routes: { method: string; url: string }[] = []
let gateway: TestGateway

/** Fastify tells of every server that is made, before anything is registered. */
function watchRoutes(message: unknown): void {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const each of [method].flat()) if (known.has(each)) routes.push({ method: each, url })
  })
}

beforeAll(async () => {
  diagnostics.subscribe('fastify.initialization', watchRoutes)
  gateway = await createTestGateway({}, { admin: { token, hint: 'here' } })
  diagnostics.unsubscribe('fastify.initialization', watchRoutes)
  await gateway.fastify.ready()
})

afterAll(() => gateway.close())

function isUnder(path: string, url: string): boolean {
  const pattern = url
    .split('/')
    .map((part) => (part === '*' ? '.+' : part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, String.raw`\$&`)))
    .join('/')
  return new RegExp(`^${pattern}$`).test(path)
}

describe(file, () => {
  test('has nothing that the linter would have otherwise', async () => {
    // A redirect and a WebSocket are no 2xx, and the gateway is at a loopback address.
    const rules = { 'operation-2xx-response': 'off', 'no-server-example.com': 'off' } as const
    const config = await createConfig({ extends: ['recommended-strict'], rules })
    const problems = await lintFromString({ source, absoluteRef: file, config })
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
  })

  test('the page and it have the same headers of answers', () => {
    const page = readFileSync('docs/http-api.md', 'utf8')
    const names = Object.keys(components.headers)
    const written = (name: string): string => name.replace(/-tokens$/, '-requests')
    expect(names.filter((name) => !page.includes(`\`${written(name)}\``))).toEqual([])
    const ours = [...page.matchAll(/^\| `(x-gateway-[\w-]+)` \| (?!`)/gm)].map(([, name = '']) => name)
    expect(ours.length).toBeGreaterThan(5)
    expect(ours.filter((name) => !names.includes(name))).toEqual([])
  })

  test('the linter finds what is wrong', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] })
    const wrong = source.replace('"#/components/responses/error"', '"#/components/responses/eror"')
    expect(await lintFromString({ source: wrong, absoluteRef: file, config })).not.toEqual([])
  })

  test.each(documented)('$method $path is served', async ({ method, path }) => {
    expect(routes.filter((route) => route.method === method && isUnder(path, route.url))).not.toEqual([])
  })

  test('every route that is served is in it', async () => {
    expect(routes.length).toBeGreaterThan(80)
    const missing = routes.filter(
      ({ method, url }) => !documented.some((each) => each.method === method && isUnder(each.path, url)),
    )
    const served: string[] = []
    for (const { method, url } of missing) {
      const answer = await gateway.fastify.inject({ method: method as 'GET', url: url.replaceAll(/:\w+|\*/g, 'x') })
      // Some routes are there only to say why they are not.
      if (answer.statusCode !== 405 && answer.statusCode !== 501) served.push(`${method} ${url}: ${answer.statusCode}`)
    }
    expect(served).toEqual([])
  })
})

describe('asked as it says', () => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

  test.each(documented.filter(({ path }) => path !== '/api/v1/events'))(
    '$method $path answers',
    async ({ method, path }) => {
      const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'model' ? 'demo' : 'x'))
      const { body, statusCode } = await gateway.fastify.inject({
        method: method as 'GET',
        url,
        headers: path.startsWith('/api/v1/call/') ? headers : { accept: 'text/html' },
        ...(method === 'POST' && { payload: '{}' }),
      })
      expect(body).not.toMatch(/There is nothing at|unknown_method/)
      expect([401, 405, 501]).not.toContain(statusCode)
    },
  )
})
