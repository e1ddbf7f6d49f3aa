import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BudgetState, CallDetail, CallRow } from '../../gateway/contract.ts'
import { startGatewayProcess, type GatewayProcess } from '../helpers/gateway.ts'

/** Hedging over real sockets: a provider that is slow in every tenth call, and one that never is. */

const afterMs = 250
const slowMs = 2500
/** What the machine may add to anything, busy as it is. */
const slackMs = 600
const calls = 100
const slowCalls = calls / 10
const token = 'given-token-0123456789'

/** A provider on a loopback port. Tells how long each answer took, or when its client went away. */
class Provider {
  delayMs: (index: number) => number
  requests = 0
  /** When first content went out, milliseconds of the clock. */
  answeredAt: number[] = []
  /** When the client closed the connection before it had an answer. */
  closedAt: number[] = []
  readonly #server: Server

  constructor(delayMs: (index: number) => number) {
    this.delayMs = delayMs
    this.#server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.on('end', () => this.#answer(response, JSON.parse(body) as { stream?: boolean; model: string }))
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  reset(): void {
    Object.assign(this, { requests: 0, answeredAt: [], closedAt: [] })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(response: ServerResponse, { stream = false, model }: { stream?: boolean; model: string }): void {
    const index = this.requests
    this.requests += 1
    const timer = setTimeout(() => {
      this.answeredAt.push(performance.now())
      response.end(stream ? streamText(model) : JSON.stringify(wholeBody(model)))
    }, this.delayMs(index))
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
    // The head of a stream is there at once, as with the vendors; its content is what is waited for.
    response.flushHeaders()
    response.once('close', () => {
      if (response.writableFinished) return
      clearTimeout(timer)
      this.closedAt.push(performance.now())
    })
  }
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

function wholeBody(model: string): object {
  const choice = { index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }
  return { id: 'x', object: 'chat.completion', created: 1, model, choices: [choice], usage }
}

function streamText(model: string): string {
  const chunk = (delta: object, finish: string | null): object => ({
    id: 'x',
    object: 'chat.completion.chunk',
    created: 1,
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const events = [chunk({ content: 'Hello!' }, null), chunk({}, 'stop'), { ...chunk({}, null), choices: [], usage }]
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
}

const tenth = (index: number): number => (index % 10 === 9 ? slowMs : 5)
const first = new Provider(tenth)
const second = new Provider(() => 5)
beforeAll(() => Promise.all([first.listen(), second.listen()]))
afterAll(() => Promise.all([first.close(), second.close()]))
beforeEach(() => {
  first.reset()
  second.reset()
  first.delayMs = tenth
})

/** Prices by which 10 + 5 tokens cost 0.015 USD at the first, and 0.03 USD at the second. */
function configuration(hedge: object, more: object = {}): object {
  const provider = (name: string, { url }: Provider): object => ({
    name,
    type: 'openai',
    apiKey: 'sk-made-up',
    baseUrl: url,
    maxRetries: 0,
  })
  const targets = [
    { provider: 'one', model: 'm1' },
    { provider: 'two', model: 'm2' },
  ]
  return {
    providers: [provider('one', first), provider('two', second)],
    routing: { modelMappings: { hedged: targets, plain: targets }, hedge: { aliases: ['hedged'], ...hedge } },
    pricing: { overrides: { m1: { input: 1000, output: 1000 }, m2: { input: 2000, output: 2000 } } },
    ...more,
  }
}

let gateway: GatewayProcess | undefined
async function start(hedge: object, more: object = {}): Promise<GatewayProcess> {
  gateway = await startGatewayProcess({
    config: configuration(hedge, more),
    env: { LLM_GATEWAY_ADMIN_TOKEN: token },
  })
  return gateway
}
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

/** To the first content, milliseconds. */
async function ask({ url }: GatewayProcess, model: string, stream: boolean): Promise<number> {
  const startedMs = performance.now()
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, stream, max_tokens: 5, messages: [{ role: 'user', content: 'Hello' }] }),
  })
  expect(response.status).toBe(200)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  await reader.read()
  const tookMs = performance.now() - startedMs
  while (!(await reader.read()).done);
  return tookMs
}

/** So many calls, ten at a time; the times, the shortest first. */
async function askMany(of: GatewayProcess, model: string, stream: boolean, count = calls): Promise<number[]> {
  const times: number[] = []
  let left = count
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      while (left > 0) {
        left -= 1
        times.push(await ask(of, model, stream))
      }
    }),
  )
  return times.toSorted((one, other) => one - other)
}

/** Nearest rank: of a hundred calls of which ten are slow the 99th is one of the slow ones. */
const p99 = (times: readonly number[]): number => times[Math.ceil(0.99 * times.length) - 1] ?? Number.NaN

async function manage<Value>({ url }: GatewayProcess, method: string, input: object): Promise<Value> {
  const response = await fetch(`${url}/api/v1/call/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  const result = (await response.json()) as { ok: boolean; value: Value }
  if (!result.ok) throw new Error(JSON.stringify(result))
  return result.value
}

async function hedges({ url }: GatewayProcess): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.matchAll(/^llm_gateway_hedges_total\{outcome="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...found].map(([, outcome, count]) => [outcome, Number(count)]))
}

describe.each([
  ['whole answers', false],
  ['streams', true],
])('%s', (_, stream) => {
  test('the slowest hundredth is as quick as the delay and the second provider', async () => {
    const running = await start({ after: `${afterMs}ms`, maxRate: 1 })
    const plain = await askMany(running, 'plain', stream)
    expect(second.requests).toBe(0)
    expect(p99(plain)).toBeGreaterThanOrEqual(slowMs)
    first.reset()

    const hedged = await askMany(running, 'hedged', stream)
    // No slow call can be answered before the delay, nor later than the delay and a quick call after it.
    const quickMs = plain[calls - slowCalls - 1] ?? Number.NaN
    expect(p99(hedged)).toBeGreaterThanOrEqual(afterMs)
    expect(p99(hedged)).toBeLessThanOrEqual(afterMs + quickMs + slackMs)
    expect(p99(plain) - p99(hedged)).toBeGreaterThanOrEqual(slowMs - afterMs - quickMs - slackMs)

    const { won = 0, lost = 0, ...others } = await hedges(running)
    expect(others).toEqual({})
    expect(won).toBeGreaterThanOrEqual(slowCalls)
    expect(won + lost).toBe(second.requests)
    // The one that was cut off hears of it at once: its connection closes.
    expect(first.closedAt).toHaveLength(won)
    const waits = first.closedAt.map((at) => Math.min(...second.answeredAt.map((sent) => Math.abs(at - sent))))
    expect(Math.max(...waits)).toBeLessThan(slackMs / 4)
    await checkLedger(running, { won, stream })
  })
})

/** Both attempts are in the ledger with what they cost, and all of it comes to the sum. */
async function checkLedger(running: GatewayProcess, { won, stream }: { won: number; stream: boolean }): Promise<void> {
  const { calls: rows } = await manage<{ calls: CallRow[] }>(running, 'traffic.list', {
    filter: {},
    limit: calls,
  })
  const raced = rows.filter(({ provider, attempts }) => attempts === 2 && provider === 'two')
  expect(raced).toHaveLength(won)
  for (const { callId, costNanoUsd } of raced.slice(0, 3)) {
    const { attempts } = await manage<CallDetail>(running, 'traffic.get', { callId })
    const [lost, decisive] = attempts
    expect(lost).toMatchObject({
      number: 1,
      outcome: 'aborted',
      errorCode: 'hedge_lost',
      final: false,
      provider: 'one',
    })
    // The prompt is paid for, and nothing else came.
    expect(lost).toMatchObject({ estimated: true, outputTokens: 0 })
    expect(lost?.costNanoUsd).toBe((lost?.inputTokens ?? 0) * 1_000_000)
    expect(lost?.costNanoUsd).toBeGreaterThan(0)
    expect(decisive).toMatchObject({ number: 2, outcome: 'ok', final: true, provider: 'two', costNanoUsd: 30_000_000 })
    expect(decisive?.firstTokenMs === null).toBe(!stream)
    expect(costNanoUsd).toBe((lost?.costNanoUsd ?? 0) + (decisive?.costNanoUsd ?? 0))
  }
  const usageReport = (await (await fetch(`${running.url}/api/v1/usage?group_by=alias`)).json()) as {
    groups: { alias: string; total_requests: number; total_cost: number }[]
  }
  const group = usageReport.groups.find(({ alias }) => alias === 'hedged')
  expect(group?.total_requests).toBe(calls)
  expect(group?.total_cost).toBeCloseTo(rows.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0) / 1e9, 9)
}

test('however slow all of them are, second requests are no more than the share', async () => {
  first.delayMs = () => 700
  const running = await start({ after: '100ms', maxRate: 0.1 })
  await askMany(running, 'hedged', false, 50)
  expect(first.requests).toBe(50)
  expect(second.requests).toBe(5)
  expect(await hedges(running)).toEqual({ won: 5, over_rate: 45 })
})

test('a budget with little room: no second request, and no call that is refused or warned of', async () => {
  first.delayMs = () => 2 * afterMs
  // A call holds about 0.03 USD and costs 0.015; beside it there is no room for the second's 0.06.
  const running = await start({ after: `${afterMs}ms`, maxRate: 1 }, { budgets: { timeZone: 'UTC', daily: 0.085 } })
  for (let count = 0; count < 3; count += 1) await ask(running, 'hedged', false)
  expect(second.requests).toBe(0)
  expect(await hedges(running)).toEqual({ over_budget: 3 })
  expect(running.output()).not.toContain('daily budget')
})

test('with room: the second request is made, and all that is held comes back', async () => {
  first.delayMs = () => slowMs
  const running = await start({ after: `${afterMs}ms`, maxRate: 1 }, { budgets: { timeZone: 'UTC', daily: 1 } })
  await ask(running, 'hedged', false)
  expect(second.requests).toBe(1)
  const { states } = await manage<{ states: BudgetState[] }>(running, 'budgets.get', {})
  const { calls: rows } = await manage<{ calls: CallRow[] }>(running, 'traffic.list', {
    filter: {},
    limit: 1,
  })
  expect(states).toMatchObject([{ heldNanoUsd: 0, spentNanoUsd: rows[0]?.costNanoUsd }])
})
