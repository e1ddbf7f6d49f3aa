import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import { startCollector, type Collector } from '../helpers/otlp-collector.ts'

/** What is told of calls that no provider saw, or not as usual; the rest is in test/real/otel.test.ts. */

let collector: Collector
const open: TestGateway[] = []

beforeEach(async () => {
  collector = await startCollector()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()))
  await collector.close()
})

async function gateway(more: object = {}, otlp: object = {}): Promise<TestGateway> {
  const made = await createTestGateway({ ...more, telemetry: { otlp: { endpoint: collector.url, ...otlp } } })
  open.push(made)
  return made
}

const hello = { model: 'demo', messages: [{ role: 'user', content: 'Hi' }] }

async function ask({ fastify }: TestGateway, payload: object = hello, url = '/v1/chat/completions') {
  return fastify.inject({ method: 'POST', url, payload })
}

/** Closing sends what is left. */
async function told(): Promise<Record<string, unknown>[]> {
  await Promise.all(open.splice(0).map((each) => each.close()))
  return collector.seen().map(({ name, kind, isError, attributes }) => ({ name, kind, isError, ...attributes }))
}

describe('a call that no provider saw', () => {
  test('a hit of the cache has its server span alone, and what it saved', async () => {
    const caching = await gateway({ cache: { enabled: true } })
    await ask(caching)
    await ask(caching)
    const spans = await told()
    expect(spans.filter(({ kind }) => kind === 'server')).toHaveLength(2)
    expect(spans).toHaveLength(3)
    expect(spans.find((span) => span['llm_gateway.cache'] === 'HIT')).toMatchObject({
      kind: 'server',
      'llm_gateway.attempts': 0,
      'http.response.status_code': 200,
      'llm_gateway.saved_usd': 0,
    })
  })

  test.each([
    ['without a key', { auth: { anonymous: false, keys: [{ name: 'a', key: 'key-of-a' }] } }, 401],
    ['past a limit', { rateLimit: { enabled: true, global: { requests: 1 } } }, 429],
  ])('%s: its status, and no error of the server', async (_what, config, status) => {
    const strict = await gateway(config)
    await ask(strict)
    await ask(strict)
    const spans = await told()
    expect(spans.filter((span) => span['http.response.status_code'] === status)).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'server', isError: false, 'llm_gateway.attempts': 0 })]),
    )
  })

  test('no key of the client’s address is in the span', async () => {
    await ask(await gateway(), { contents: [] }, '/v1beta/models/nobody:generateContent?key=AIza-secret-of-mine')
    expect(await told()).toMatchObject([
      { name: 'POST /v1beta/models/*', 'url.path': '/v1beta/models/nobody:generateContent' },
    ])
    expect(collector.text()).not.toContain('secret-of-mine')
  })
})

describe('what is wanted', () => {
  test('neither: nothing is sent', async () => {
    await ask(await gateway({}, { traces: false, metrics: false }))
    expect(await told()).toEqual([])
    expect(collector.text()).toBe('')
  })

  test('the endpoint may be given with a path, or with that of one signal', async () => {
    for (const ending of ['/', '/v1/traces']) await ask(await gateway({}, { endpoint: `${collector.url}${ending}` }))
    expect(await told()).toHaveLength(4)
  })
})
