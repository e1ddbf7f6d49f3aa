import { afterEach, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'

const opened: TestGateway[] = []
afterEach(async () => void (await Promise.all(opened.splice(0).map((gateway) => gateway.close()))))

async function preflight(origin: string, headers: string) {
  const server = { cors: { enabled: true, allowedOrigins: ['app://obsidian.md'] } }
  const gateway = await createTestGateway({ server })
  opened.push(gateway)
  return gateway.fastify.inject({
    method: 'OPTIONS',
    url: '/v1/messages',
    headers: {
      host: 'localhost',
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  })
}

test('a preflight names each header that SDKs send', async () => {
  const reply = await preflight('app://obsidian.md', 'authorization')
  expect(reply.statusCode).toBe(204)
  expect(reply.headers['access-control-allow-origin']).toBe('app://obsidian.md')
  const allowed = String(reply.headers['access-control-allow-headers']).split(', ')
  for (const name of [
    'authorization',
    'content-type',
    'x-api-key',
    'api-key',
    'anthropic-version',
    'anthropic-beta',
    'anthropic-dangerous-direct-browser-access',
    'x-goog-api-key',
    'x-goog-api-client',
    'openai-beta',
    'openai-organization',
    'openai-project',
    'x-stainless-lang',
    'x-stainless-retry-count',
    'x-stainless-timeout',
    'x-gateway-cache',
  ])
    expect(allowed).toContain(name)
  expect(allowed).not.toContain('*')
})

test('a header that no SDK sends is not allowed, nor is another origin', async () => {
  expect((await preflight('app://obsidian.md', 'x-other')).headers['access-control-allow-headers']).not.toMatch(
    /x-other/,
  )
  const reply = await preflight('https://evil.example', 'authorization')
  expect(reply.headers['access-control-allow-origin']).toBeUndefined()
})
