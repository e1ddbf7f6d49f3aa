import { expect, test } from 'vitest'
import { methods, type MethodName } from '../../gateway/contract.ts'
import { createFixtureClient, type FixtureMood } from './fixture-client.ts'

const day = { from: new Date(2026, 10, 24).getTime(), to: new Date(2026, 10, 24, 15).getTime() }

const inputs: Partial<Record<MethodName, unknown>> = {
  'status.pause': { paused: true },
  'usage.summary': day,
  'usage.groups': { ...day, by: 'model' },
  'usage.series': { ...day, bucket: 'hour', by: 'provider' },
  'usage.latency': { ...day, bucket: 'hour' },
  'traffic.list': { limit: 50, filter: {} },
  'traffic.get': { callId: 'req_01JDXK00035S' },
  'providers.save': { name: 'groq' },
  'providers.remove': { name: 'groq' },
  'providers.order': { names: ['openai', 'anthropic'] },
  'providers.check': { provider: { name: 'groq' } },
  'keys.set': { provider: 'groq', key: 'a-made-up-key' },
  'keys.remove': { provider: 'groq' },
  'models.explain': { model: 'smart' },
  'aliases.check': { name: 'smart', targets: [] },
  'aliases.save': { name: 'smart', targets: [{ provider: 'openai', model: 'gpt-6-sol' }] },
  'aliases.remove': { name: 'smart' },
  'aliases.fallback': { chain: [], defaultProvider: null },
  'cache.configure': { enabled: true, ttlMs: 60_000, maxBytes: 64_000_000 },
  'cache.semantic': { settings: null },
  'cache.compare': { first: 'a', second: 'b' },
  'limits.save': { enabled: false, global: null, perKey: null, perModel: {} },
  'budgets.save': {
    all: { daily: 5e9, weekly: null, monthly: null },
    perKey: {},
    perProvider: {},
    perFeature: {},
    action: { degrade: 'fast' },
    warnAt: 0.8,
    timeZone: null,
  },
  'clientKeys.create': { name: 'phone', models: null, limit: null, expiresAt: null },
  'clientKeys.update': { name: 'phone', models: ['fast'], limit: null, expiresAt: null },
  'clientKeys.rotate': { name: 'phone', graceMs: 0 },
  'clientKeys.revoke': { name: 'phone', revoked: true },
  'clientKeys.remove': { name: 'phone' },
  'guards.save': { guards: [] },
  'guards.try': { text: 'jane@example.com' },
  'config.preview': { yaml: 'server: {}' },
  'config.import': { yaml: 'server: {}' },
  'config.undo': { undo: 'undo-1' },
  'tools.preview': { tool: 'codex' },
  'tools.connect': { tool: 'codex' },
  'tools.undo': { tool: 'codex' },
  'tools.snippet': { tool: 'codex' },
  'tools.key': { tool: 'codex', hash: null },
  'playground.send': { id: 'p1', model: 'smart', messages: [{ role: 'user', content: 'Hello' }], useCache: true },
  'playground.stop': { id: 'p1' },
  'desktop.update': { step: 'check' },
  'desktop.usePort': { port: 9090 },
}

const names = Object.keys(methods) as MethodName[]

// Pictures of made-up data prove nothing when the gateway cannot give such data.
test.each(names.flatMap((name) => (['full', 'empty'] as FixtureMood[]).map((mood) => [name, mood] as const)))(
  '%s, %s: the fixtures keep to the contract',
  async (name, mood) => {
    await expect(createFixtureClient(mood).call(name, inputs[name] ?? {})).resolves.toMatchObject({ ok: true })
  },
)

test('the parts of a span come to the whole', async () => {
  const client = createFixtureClient()
  const summary = await client.call('usage.summary', day)
  const groups = await client.call('usage.groups', { ...day, by: 'model' })
  if (!summary.ok || !groups.ok) throw new Error('refused')
  const { total } = summary.value as { total: { costNanoUsd: number } }
  const parts = (groups.value as { groups: { costNanoUsd: number }[] }).groups
  expect(parts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(total.costNanoUsd)
})
