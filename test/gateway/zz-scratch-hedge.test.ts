import { expect, test } from 'vitest'
import { parseConfig } from '../../gateway/config/load.ts'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'
import type { AttemptRow } from '../../gateway/stores/ledger.ts'
import { createTestGateway } from '../helpers/in-process.ts'
import { stringify } from 'yaml'
import { FakeUpstream, hello, chunk, completion, obliging, usageChunk } from './pipeline/stage.ts'
import { fakeSecrets } from './guards/fake-secrets.ts'

const secret = JSON.stringify(fakeSecrets).match(/sk-[A-Za-z0-9_-]{20,}/)?.[0] ?? 'AKIAIOSFODNN7EXAMPLE'
const p = (name: string) => ({ name, type: 'openai', apiKey: 'sk-' + name, baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0 })
const config = (guards: object[]) => ({
  providers: [p('a'), p('b')],
  cache: { enabled: true },
  guards,
  pricing: { overrides: { m1: { input: 1000, output: 1000 }, m2: { input: 1000, output: 1000 } } },
  budgets: { daily: 100, timeZone: 'UTC' },
  routing: { modelMappings: { x: [{ provider: 'a', model: 'm1' }, { provider: 'b', model: 'm2' }] }, hedge: { after: '30ms', maxRate: 1 } },
})
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms))
for (const guards of [[], [{ name: 'keys', check: 'secrets', action: 'redact', on: ['request', 'response'] }], [{ name: 'keys', check: 'secrets', action: 'block', on: ['response'] }], [{ name: 'keys', check: 'secrets', action: 'flag', on: ['response'] }]])
for (const stream of [false, true])
test(`guards ${JSON.stringify(guards)} stream ${stream}`, async () => {
  const upstream = new FakeUpstream()
  const memory = createMemoryLedger()
  const rows: AttemptRow[] = []
  const gateway = await createTestGateway(config(guards), { upstream, ledger: { ...memory, append: async (m: AttemptRow[]) => { rows.push(...m); await memory.append(m) } } })
  const post = () => gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', payload: JSON.stringify({ ...hello, model: 'x', stream, max_tokens: 5 }) })
  const all = [post(), post(), post()]
  await sleep(60)
  const chat = upstream.flights.filter((f) => f.request.method === 'POST')
  console.log('flights', chat.map((f) => f.body['model']))
  gateway.reload(parseConfig(stringify({ logging: { level: 'silent' }, ...config(guards), budgets: { daily: 50, timeZone: 'UTC' } }), { file: 'gateway.yaml', env: {} }))
  await sleep(5)
  const word = `my key is ${secret} ok`
  if (stream) chat[1]!.stream(chunk(word), chunk(' and on'), chunk({}, 'stop'), usageChunk, '[DONE]').end()
  else chat[1]!.json(completion(word))
  await sleep(30)
  for (const f of upstream.flights) if (!f.over && f.request.method === 'POST') f.json({ error: { message: 'no' } }, 400)
  const replies = await Promise.all(all)
  for (const r of replies) console.log(r.statusCode, r.headers['x-cache'], r.headers['x-gateway-provider'], r.headers['x-gateway-attempts'], r.headers['x-gateway-warnings'], r.headers['x-gateway-guards'], r.headers['x-gateway-cost'], r.body.includes(secret), r.body.length)
  console.log(rows.map((r) => [r.callId.slice(-4), r.attempt, r.final, r.provider, r.outcome, r.errorCode, r.cache, r.costNanoUsd].join(' ')))
  expect(chat[0]!.aborted).toBeDefined()
  console.log(JSON.stringify((await gateway.fastify.inject({ url: '/metrics' })).body.match(/llm_gateway_(hedges|fallbacks|budget_spent)[^\n]*/g)?.filter((l) => !l.startsWith('#'))))
  await gateway.close()
})
