import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startGatewayProcess, type GatewayOptions, type GatewayProcess } from '../helpers/gateway.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

/** Budgets in a process of its own, with the ledger on disk and the vendors' SDKs as clients. */

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
  upstream.on(/./, text('The same answer.', { usage: { input: 10, output: 5 } }))
})
afterAll(() => upstream.close())

/** An answer costs 0.015 USD; before it, a call may cost about twice as much. */
function configuration(budgets: object): object {
  return {
    providers: [{ name: 'p', type: 'openai', apiKey: 'sk-made-up', baseUrl: `${upstream.url}/v1`, models: ['m'] }],
    pricing: { overrides: { m: { input: 1000, output: 1000 } } },
    budgets: { timeZone: 'UTC', ...budgets },
  }
}

async function withGateway(options: GatewayOptions, use: (gateway: GatewayProcess) => Promise<void>): Promise<void> {
  const gateway = await startGatewayProcess(options)
  try {
    await use(gateway)
  } finally {
    await gateway.stop('SIGKILL')
  }
}

function ask(url: string): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'Hello' }] }),
  })
}

describe('SDKs ask once and raise what they raise without credit', () => {
  let gateway: GatewayProcess
  beforeAll(async () => {
    gateway = await startGatewayProcess({ config: configuration({ daily: 0.001 }) })
  })
  afterAll(() => gateway.stop())

  async function rowsAfter(call: () => Promise<unknown>): Promise<{ asked: number; error: unknown }> {
    const before = await requests()
    const error: unknown = await call().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return { asked: (await requests()) - before, error }
  }

  async function requests(): Promise<number> {
    const usage = (await (await fetch(`${gateway.url}/api/v1/usage`)).json()) as { total_requests: number }
    return usage.total_requests
  }

  test('OpenAI', async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 3 })
    const { asked, error } = await rowsAfter(() =>
      client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }),
    )
    expect(asked).toBe(1)
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect(error).toMatchObject({ code: 'insufficient_quota', type: 'insufficient_quota' })
  })

  test('Anthropic', async () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any', maxRetries: 3 })
    const { asked, error } = await rowsAfter(() =>
      client.messages.create({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'Hello' }] }),
    )
    expect(asked).toBe(1)
    expect(error).toMatchObject({ status: 402, error: { error: { type: 'billing_error' } } })
  })

  test('Google', async () => {
    const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: gateway.url } })
    const { asked, error } = await rowsAfter(() => client.models.generateContent({ model: 'm', contents: 'Hello' }))
    expect(asked).toBe(1)
    expect(error).toMatchObject({ status: 429, message: expect.stringContaining('RESOURCE_EXHAUSTED') })
  })

  test('the log says so, once', () => {
    expect(gateway.output().split('of the daily budget are spent')).toHaveLength(2)
  })
})

test('a process that was killed forgets nothing of what was spent', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-budgets-'))
  const config = configuration({ daily: 0.045, perKey: { anonymous: { monthly: 1 } } })
  const first = await startGatewayProcess({ config, dataDir })
  try {
    expect((await ask(first.url)).status).toBe(200)
    expect((await ask(first.url)).status).toBe(200)
    expect((await ask(first.url)).status).toBe(429)
  } finally {
    await first.stop('SIGKILL')
  }
  await withGateway({ config, dataDir }, async ({ url }) => {
    const refused = await ask(url)
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({
      error: { message: expect.stringContaining('0.03 of 0.045 USD are spent') },
    })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/llm_gateway_budget_spent_ratio\{budget="daily"\} 0\.66/)
    expect(metrics).toMatch(/llm_gateway_budget_spent_ratio\{budget="monthly\/key\/anonymous"\} 0\.03/)
  })
  await rm(dataDir, { recursive: true, force: true })
})

test('200 calls at once do not overspend', async () => {
  await withGateway({ config: configuration({ daily: 0.5 }) }, async ({ url }) => {
    const replies = await Promise.all(Array.from({ length: 200 }, () => ask(url)))
    const served = replies.filter(({ status }) => status === 200).length
    expect(replies.every(({ status }) => status === 200 || status === 429)).toBe(true)
    // 20 fit side by side by their estimates, 33 one after the other by their costs.
    expect(served).toBeGreaterThanOrEqual(20)
    expect(served).toBeLessThanOrEqual(33)
    const usage = (await (await fetch(`${url}/api/v1/usage`)).json()) as { total_cost: number }
    expect(usage.total_cost).toBeCloseTo(served * 0.015)
    expect(usage.total_cost).toBeLessThanOrEqual(0.5)
  })
})
