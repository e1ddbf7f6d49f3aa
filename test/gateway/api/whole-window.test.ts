import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { yamlHome } from '../../../gateway/config/yaml-home.ts'
import {
  methods,
  type EventData,
  type MethodInput,
  type MethodName,
  type MethodOutput,
} from '../../../gateway/contract.ts'
import { providerRows } from '../../../gateway/providers/provider.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { memorySecrets } from './memory-configuration.ts'

/** The window's methods on the whole gateway: a file that edits go to, keys in a keychain, and the built-in demo. */

let folder: string
let file: string
let gateway: TestGateway

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-gateway-window-'))
  file = join(folder, 'gateway.yaml')
  await writeFile(
    file,
    '# mine\nproviders:\n  - name: demo\n    priority: 50\ncache:\n  enabled: true\nlogging:\n  level: silent\n',
  )
  const secrets = memorySecrets()
  const home = yamlHome({ file, secrets, env: {}, knownProviders: providerRows })
  gateway = await createTestGateway(await readFile(file, 'utf8'), { home, secrets })
})

afterEach(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function call<Name extends MethodName>(name: Name, input: MethodInput<Name>): Promise<MethodOutput<Name>> {
  const answer = await gateway.api.call(name, input)
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return methods[name].output.parse(answer.value) as MethodOutput<Name>
}

async function ask(id: string, model: string): Promise<{ text: string; end: EventData<'playground'>['end'] }> {
  const { promise, resolve } = Promise.withResolvers<EventData<'playground'>['end']>()
  let text = ''
  const stop = gateway.api.subscribe(({ event, data }) => {
    if (event !== 'playground' || data.id !== id) return
    text += data.text
    if (data.end !== null) resolve(data.end)
  })
  await call('playground.send', { id, model, messages: [{ role: 'user', content: 'Hi' }], useCache: true })
  const end = await promise
  stop()
  return { text, end }
}

test('a question in the playground is a call like any other: listed, explained, counted', async () => {
  const first = await ask('q1', 'demo')
  expect(first.text).not.toBe('')
  expect(first.end).toMatchObject({ provider: 'demo', model: 'demo', cache: 'MISS', costNanoUsd: 0, error: null })
  const again = await ask('q2', 'demo')
  expect(again.text).toBe(first.text)
  expect(again.end?.cache).toBe('HIT')

  const { calls } = await call('traffic.list', { limit: 10, filter: { text: 'PLAYGROUND' } })
  expect(calls.map(({ cache, key, feature }) => [cache, key, feature])).toEqual([
    ['HIT', 'playground', 'playground'],
    ['MISS', 'playground', 'playground'],
  ])
  const detail = await call('traffic.get', { callId: first.end?.callId ?? '' })
  expect(detail.attempts[0]?.costLines[0]?.text).toMatch(/^\d+ prompt x \$0\.00 \/ 1M = \$0\.00$/)
  expect([detail.costNote, detail.call.requestedModel]).toEqual([null, 'demo'])

  const now = gateway.clock.now()
  const range = { from: now - 3_600_000, to: now + 1 }
  expect((await call('usage.summary', range)).total).toMatchObject({ requests: 2, cacheHits: 1, cacheMisses: 1 })
  expect((await call('usage.groups', { ...range, by: 'key' })).groups[0]).toMatchObject({ name: 'playground' })
  const { series } = await call('usage.series', { ...range, bucket: 'day', by: 'model', timeZone: 'Asia/Tokyo' })
  expect(series.map(({ name, points }) => [name, points.map((point) => point?.requests)])).toEqual([['demo', [2]]])
  expect((await call('usage.latency', { ...range, bucket: 'hour' })).durationMs).not.toBeNull()
  expect((await call('usage.forecast', {})).todayNanoUsd).toBe(0)
  expect(await call('traffic.names', {})).toEqual({ providers: ['demo'], models: ['demo'], keys: ['playground'] })
})

test('a provider, its key, an alias to it; removed, and all of it taken back', async () => {
  await call('providers.save', { name: 'openai', models: ['gpt-4o'], timeoutMs: 90_000 })
  expect((await call('providers.list', {})).providers[1]).toMatchObject({ name: 'openai', key: { state: 'missing' } })
  await call('keys.set', { provider: 'openai', key: 'sk-0123456789abcdefgh' })
  await call('aliases.save', { name: 'fast', targets: [{ provider: 'openai', model: 'gpt-4o' }] })
  const whole = await readFile(file, 'utf8')
  expect(whole).toContain('# mine')
  expect(whole).toContain('apiKey: ${OPENAI_API_KEY}')
  expect(whole).not.toContain('sk-0')
  expect(await call('models.explain', { model: 'fast' })).toMatchObject({
    reason: '"fast" is an alias',
    problem: null,
    targets: [{ provider: 'openai', model: 'gpt-4o', price: { input: 2.5, output: 10 }, problem: null }],
  })

  const { undo } = await call('providers.remove', { name: 'openai' })
  expect((await call('aliases.list', {})).aliases).toEqual([])
  await call('config.undo', { undo })
  expect(await readFile(file, 'utf8')).toBe(whole)
  const { providers } = await call('providers.list', {})
  expect(providers[1]).toMatchObject({
    aliases: ['fast'],
    state: 'unknown',
    timeoutMs: 90_000,
    key: { state: 'set', from: 'keychain', reference: 'OPENAI_API_KEY', endsWith: 'efgh' },
  })
})

test('an edit that the configuration refuses changes nothing', async () => {
  const before = await readFile(file, 'utf8')
  const answer = await gateway.api.call('aliases.save', { name: 'x', targets: [{ provider: 'nobody', model: 'm' }] })
  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_config' } })
  expect(await readFile(file, 'utf8')).toBe(before)
})

test('a client key: made, used, counted, replaced, shut out; the key itself is in no file and no answer after', async () => {
  await call('settings.save', { anonymous: false })
  const { key } = await call('clientKeys.create', {
    name: 'phone',
    models: ['demo'],
    limit: { requests: 100, windowMs: 60_000 },
    expiresAt: null,
  })
  const chat = async (token: string) => {
    const reply = await gateway.fastify.inject({
      url: '/v1/chat/completions',
      method: 'POST',
      payload: { model: 'demo', messages: [{ role: 'user', content: 'Hi' }] },
      headers: { host: 'localhost', authorization: `Bearer ${token}` },
    })
    return reply.statusCode
  }
  expect(await chat(key)).toBe(200)
  const { keys } = await call('clientKeys.list', {})
  expect(keys).toMatchObject([{ name: 'phone', calls: 1, lastUsedAt: gateway.clock.now() }])

  const rotated = await call('clientKeys.rotate', { name: 'phone', graceMs: 3_600_000 })
  expect([await chat(key), await chat(rotated.key)]).toEqual([200, 200])
  gateway.clock.advance(3_600_000)
  expect([await chat(key), await chat(rotated.key)]).toEqual([401, 200])
  await call('clientKeys.revoke', { name: 'phone', revoked: true })
  expect(await chat(rotated.key)).toBe(401)

  const secrets = [key, rotated.key].map((each) => each.slice(16))
  const told = [
    await readFile(file, 'utf8'),
    JSON.stringify(await call('clientKeys.list', {})),
    JSON.stringify(await call('traffic.list', { limit: 50, filter: {} })),
    (await call('config.export', {})).yaml,
  ]
  for (const text of told) for (const secret of secrets) expect(text).not.toContain(secret)
  expect(told[0]).toContain('# mine')
})
