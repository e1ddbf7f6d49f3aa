import { afterEach, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'

const token = 'the-admin-token-of-this-gateway'
const admin = { token, hint: 'It is on a note.' }
const right = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(config: object = {}): Promise<TestGateway> {
  const gateway = await createTestGateway(config, { admin })
  closing.push(() => gateway.close())
  return gateway
}

function ask(gateway: TestGateway, headers: Record<string, string>, body = '{}', method = 'status.get') {
  return gateway.fastify.inject({ method: 'POST', url: `/api/v1/call/${method}`, headers, body })
}

test('with the token a method answers', async () => {
  const gateway = await open()
  const reply = await ask(gateway, right)
  expect(reply.statusCode).toBe(200)
  expect(reply.json()).toMatchObject({ ok: true, value: { state: 'running', shell: 'headless', url: null } })
})

describe('refused', () => {
  const clientKey = 'key-of-a-client-0000000'
  const config = { auth: { anonymous: false, keys: [{ name: 'tool', key: clientKey }] } }
  const json = { 'content-type': 'application/json' }
  const rows: [string, Record<string, string>, number, string][] = [
    ['without a token', json, 401, 'invalid_admin_token'],
    ['with a wrong one', { ...json, authorization: 'Bearer wrong' }, 401, 'invalid_admin_token'],
    ["with a client's key", { ...json, authorization: `Bearer ${clientKey}` }, 401, 'invalid_admin_token'],
    ['with the token as an API key', { ...json, 'x-api-key': token }, 401, 'invalid_admin_token'],
    ['from another site', { ...right, 'sec-fetch-site': 'cross-site' }, 403, 'origin_not_allowed'],
    ['as a form', { ...right, 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['as text', { ...right, 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ]
  test.each(rows)('%s', async (_, headers, status, code) => {
    const reply = await ask(await open(config), headers)
    expect([reply.statusCode, reply.json()]).toMatchObject([status, { ok: false, error: { code } }])
  })

  test.each([
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['a foreign Host', { host: 'evil.example' }],
  ])('%s, before the token is looked at', async (_, headers) => {
    expect((await ask(await open(), { ...right, ...headers })).statusCode).toBe(403)
  })

  test('the token where it is also a key of auth.keys', async () => {
    const gateway = await open({ auth: { keys: [{ name: 'tool', key: token }] } })
    expect((await ask(gateway, right)).statusCode).toBe(401)
  })

  test('the events, without the token', async () => {
    const reply = await (await open()).fastify.inject('/api/v1/events')
    expect([reply.statusCode, reply.json()]).toMatchObject([401, { error: { hint: 'It is on a note.' } }])
  })

  test('the eleventh wrong token within a minute, and then the right one too', async () => {
    const gateway = await open()
    const wrong = { ...right, authorization: 'Bearer wrong' }
    const statuses: number[] = []
    for (let attempt = 0; attempt < 11; attempt += 1) statuses.push((await ask(gateway, wrong)).statusCode)
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
    expect(await ask(gateway, right)).toMatchObject({ statusCode: 429, headers: { 'retry-after': '60' } })
    gateway.clock.advance(60_000)
    expect((await ask(gateway, right)).statusCode).toBe(200)
  })
})

describe('what was not understood is told in the same form', () => {
  const rows: [string, string, string, number, string][] = [
    ['no JSON', 'status.get', '{', 200, 'invalid_json'],
    ['no body at all is no input', 'status.get', '', 200, ''],
    ['an unknown method', 'no.such', '{}', 404, 'unknown_method'],
    ['a method of the desktop', 'desktop.get', '{}', 404, 'unknown_method'],
    ['a wrong input', 'cache.clear', '{"model":5}', 200, 'invalid_input'],
    ['a prototype', 'cache.clear', '{"__proto__":{"model":"m"}}', 200, 'invalid_input'],
  ]
  test.each(rows)('%s', async (_, method, body, status, code) => {
    const reply = await ask(await open(), right, body, method)
    expect(reply.statusCode).toBe(status)
    expect(reply.json()).toMatchObject(code === '' ? { ok: true } : { ok: false, error: { code } })
  })
})

describe('the admin token is no key for models', () => {
  test.each([
    ['where anybody is served', {}],
    ['where only keys are', { auth: { anonymous: false, keys: [{ name: 'a', key: 'some-other-key' }] } }],
    ['even where it is one of the keys', { auth: { keys: [{ name: 'a', key: token }] } }],
  ])('%s', async (_, config) => {
    const gateway = await open(config)
    const body = JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello' }] })
    for (const headers of [{ authorization: `Bearer ${token}` }, { 'x-api-key': token }]) {
      const url = '/v1/chat/completions'
      const reply = await gateway.fastify.inject({ method: 'POST', url, headers, body })
      expect([reply.statusCode, reply.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }])
    }
  })
})

describe('the app', () => {
  test.each([
    ['127.0.0.1', 200],
    ['::1', 200],
    ['::ffff:127.0.0.1', 200],
    ['192.168.1.7', 403],
    ['::ffff:10.0.0.9', 403],
    ['fe80::1', 403],
  ])('is managed from its own machine alone: %s', async (remoteAddress, status) => {
    const gateway = await createTestGateway({ server: { host: '0.0.0.0' } }, { admin, shell: 'desktop' })
    closing.push(() => gateway.close())
    const request = {
      method: 'POST',
      url: '/api/v1/call/status.get',
      headers: right,
      body: '{}',
      remoteAddress,
    } as const
    expect((await gateway.fastify.inject(request)).statusCode).toBe(status)
    const events = { url: '/api/v1/events', headers: right, remoteAddress } as const
    if (status === 403) expect((await gateway.fastify.inject(events)).statusCode).toBe(403)
    // It has a window of its own.
    expect((await gateway.fastify.inject('/ui/')).statusCode).toBe(404)
  })
})

test('without an admin token there is neither API nor dashboard', async () => {
  const gateway = await createTestGateway()
  closing.push(() => gateway.close())
  expect((await ask(gateway, right)).statusCode).toBe(404)
  expect((await gateway.fastify.inject('/ui/')).statusCode).toBe(404)
})

test('events arrive as they happen, and shutting down ends the stream', async () => {
  const gateway = await createTestGateway({}, { admin })
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  const response = await fetch(`${url}/api/v1/events`, { headers: { authorization: right.authorization } })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const until = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      const { done, value } = await reader.read()
      if (done) throw new Error(`the stream ended before "${wanted}":\n${text}`)
      text += value
    }
  }
  await until(': connected\n\n')
  await gateway.api.call('status.pause', { paused: true })
  await until('"state":"stopped"')
  await until('\n\n')
  expect(text).toContain('event: status\ndata: {"event":"status","data":{')
  await gateway.close()
  for (;;) {
    const { done } = await reader.read()
    if (done) break
  }
})
