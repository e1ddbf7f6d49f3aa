import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { stringify } from 'yaml'
import type { Ports } from '../../../gateway/ports.ts'
import { hashClientKey, newClientKey } from '../../../gateway/config/client-key.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import type { Log } from '../../../gateway/telemetry/log.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { FakeUpstream, obliging } from '../pipeline/stage.ts'

/** Keys of clients on the whole gateway: who is let in, what the others are told, each in its own dialect. */

const opened: (TestGateway | WebSocket)[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) {
    if (each instanceof WebSocket) each.terminate()
    else await each.close()
  }
})

/** The clock of createTestGateway stands at noon of 2026-01-15. */
const [good, expired, revoked, old] = [newClientKey(), newClientKey(), newClientKey(), newClientKey()]
const keys = [
  {
    name: 'good',
    hash: hashClientKey(good),
    models: ['fast'],
    previous: { hash: hashClientKey(old), expires: '2026-01-15T12:00:00Z' },
  },
  { name: 'late', hash: hashClientKey(expired), expires: '2026-01-14' },
  { name: 'gone', hash: hashClientKey(revoked), disabled: true },
]
const provider = { name: 'p', type: 'openai', apiKey: 'sk-p', baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0 }
const settings = {
  providers: [provider],
  routing: { modelMappings: { fast: { provider: 'p', model: 'gpt-5.2' } } },
  auth: { keys, anonymous: false },
}

async function open(config: object = settings, ports: Partial<Ports> = {}): Promise<TestGateway> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway(config, { upstream, ...ports })
  opened.push(gateway)
  return gateway
}

/** A log of which only the warnings are kept. */
function warningsOf(kept: string[]): Log {
  const nothing = (): void => {}
  const log: Log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (_fields, message) => void kept.push(message),
    child: () => log,
  }
  return log
}

const messages = [{ role: 'user', content: 'Hello' }]
const dialects: [path: string, header: string, body: object, shape: (message: unknown) => object][] = [
  [
    '/v1/chat/completions',
    'authorization',
    { model: 'fast', messages },
    (message) => ({ error: { message, type: 'authentication_error', param: null, code: 'invalid_api_key' } }),
  ],
  [
    '/v1/responses',
    'authorization',
    { model: 'fast', input: 'Hello' },
    (message) => ({ error: { message, code: 'invalid_api_key' } }),
  ],
  [
    '/v1/messages',
    'x-api-key',
    { model: 'fast', messages, max_tokens: 9 },
    (message) => ({ type: 'error', error: { type: 'authentication_error', message } }),
  ],
  [
    '/v1beta/models/fast:generateContent',
    'x-goog-api-key',
    { contents: [{ parts: [{ text: 'Hello' }] }] },
    (message) => ({ error: { code: 401, status: 'UNAUTHENTICATED', message } }),
  ],
  [
    '/v1/embeddings',
    'authorization',
    { model: 'fast', input: 'Hello' },
    (message) => ({ error: { message, code: 'invalid_api_key' } }),
  ],
]

describe.each(dialects)('%s', (url, header, body, shape) => {
  test.each([
    ['expired', expired, 'The key "late" expired at the end of 2026-01-14 (UTC).'],
    ['revoked', revoked, 'The key "gone" is revoked.'],
    ['replaced', old, 'This is the old key of "good", which was replaced and stopped working at 2026-01-15 12:00 UTC'],
    ['unknown', newClientKey(), 'This gateway does not know the key that was sent'],
  ])('%s', async (_what, key, message) => {
    const gateway = await open()
    const headers = { host: 'localhost', [header]: header === 'authorization' ? `Bearer ${key}` : key }
    const reply = await gateway.fastify.inject({ url, method: 'POST', payload: body, headers })
    expect(reply.statusCode).toBe(401)
    expect(reply.json()).toMatchObject(shape(expect.stringContaining(message)))
    expect(reply.body).not.toContain(key.slice(16))
  })
})

const inject = (gateway: TestGateway, key: string, model = 'fast') =>
  gateway.fastify.inject({
    url: '/v1/chat/completions',
    method: 'POST',
    payload: { model, messages },
    headers: { host: 'localhost', authorization: `Bearer ${key}` },
  })

test('a key asks for its alias, and for nothing that the alias leads to', async () => {
  const gateway = await open()
  expect((await inject(gateway, good)).statusCode).toBe(200)
  const refused = await inject(gateway, good, 'gpt-5.2')
  expect(refused.statusCode).toBe(403)
  expect(refused.json()).toMatchObject({ error: { message: 'The key "good" may not use the model "gpt-5.2".' } })
})

test('the last day of a key ends while the gateway runs', async () => {
  const gateway = await open({
    ...settings,
    auth: { keys: [{ name: 'a', hash: hashClientKey(good), expires: '2026-01-15' }] },
  })
  expect((await inject(gateway, good)).statusCode).toBe(200)
  gateway.clock.advance(12 * 3_600_000)
  expect((await inject(gateway, good)).statusCode).toBe(401)
})

describe('a WebSocket', () => {
  async function refused(url: string, key: string): Promise<{ status: number | undefined; text: string }> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/responses`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const [request, response] = (await once(socket, 'unexpected-response')) as [ClientRequest, IncomingMessage]
    let text = ''
    for await (const piece of response) text += String(piece)
    request.destroy()
    return { status: response.statusCode, text }
  }

  test.each([
    ['expired', expired, /"late\\" expired at the end of 2026-01-14/],
    ['revoked', revoked, /"gone\\" is revoked/],
  ])('is not opened for a key that is %s', async (_what, key, message) => {
    const gateway = await open()
    const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
    expect(await refused(url, key)).toEqual({ status: 401, text: expect.stringMatching(message) })
  })

  test('that is open serves nothing more when its key is revoked', async () => {
    const gateway = await open()
    const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/responses`, {
      headers: { authorization: `Bearer ${good}` },
    })
    opened.unshift(socket)
    await once(socket, 'open')
    const withoutIt = { ...settings, auth: { keys: [{ ...keys[0], disabled: true }], anonymous: false } }
    gateway.reload(
      parseConfig(stringify({ logging: { level: 'silent' }, ...withoutIt }), { file: 'gateway.yaml', env: {} }),
    )
    socket.send(JSON.stringify({ type: 'response.create', model: 'fast', input: 'Hello' }))
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(data.toString())).toMatchObject({
      type: 'error',
      status: 401,
      error: { code: 'invalid_api_key', message: expect.stringContaining('The key "good" is revoked.') },
    })
  })
})

describe('open to strangers', () => {
  const warning = /^This gateway is open to everybody: it listens on 0\.0\.0\.0, it has no client key/
  test.each<[what: string, config: object, warns: boolean, exposure: string]>([
    ['other machines, and no key', { server: { host: '0.0.0.0' } }, true, 'no-keys'],
    [
      'other machines, and only a revoked key',
      { server: { host: '0.0.0.0' }, auth: { keys: [{ name: 'a', key: 'k', disabled: true }] } },
      true,
      'no-keys',
    ],
    [
      'other machines, a key, and callers without one',
      { server: { host: '0.0.0.0' }, auth: { keys: [{ name: 'a', key: 'k' }] } },
      false,
      'anonymous',
    ],
    ['other machines, and keys only', { server: { host: '0.0.0.0' }, auth: { anonymous: false } }, false, 'none'],
    ['this machine alone', {}, false, 'none'],
  ])('%s', async (_what, config, warns, exposure) => {
    const logged: string[] = []
    const gateway = await open({ providers: [provider], ...config }, { log: warningsOf(logged) })
    await gateway.listen({ host: '127.0.0.1', port: 0 })
    const ready = await gateway.fastify.inject({ url: '/ready', headers: { host: 'localhost' } })
    const told = (ready.json() as { warning?: string }).warning
    if (warns) expect(told).toMatch(warning)
    else expect(told).toBeUndefined()
    expect(logged).toEqual(warns ? [told] : [])
    expect(await gateway.api.call('status.get', {})).toMatchObject({ value: { exposure } })
  })
})
