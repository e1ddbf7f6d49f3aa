import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { durationBuckets, tokenBuckets } from '../../gateway/telemetry/gen-ai-names.ts'
import { startGatewayProcess, type GatewayOptions, type GatewayProcess } from '../helpers/gateway.ts'
import { startCollector, type Collector, type ReceivedSpan } from '../helpers/otlp-collector.ts'
import { status } from '../helpers/upstream-faults.ts'
import { text, withUsage } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${parentId}-01`
/** Whatever is sent is sent soon. */
const soon = { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_METRIC_EXPORT_INTERVAL: '100' }

let first: Upstream
let second: Upstream
let collector: Collector
const running: GatewayProcess[] = []

beforeAll(async () => {
  ;[first, second] = await Promise.all([startUpstream(), startUpstream()])
})
afterAll(() => Promise.all([first.close(), second.close()]))
beforeEach(async () => {
  first.reset()
  second.reset()
  collector = await startCollector()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop('SIGKILL')))
  await collector.close()
})

async function start(otlp: object | undefined, { env = {}, ...more }: GatewayOptions = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess({
    ...more,
    env: { ...soon, ...env },
    config: {
      providers: [
        { name: 'first', type: 'openai', apiKey: 'sk-secret-of-first', baseUrl: `${first.url}/v1`, maxRetries: 1 },
        { name: 'claude', type: 'anthropic', apiKey: 'sk-secret-of-claude', baseUrl: second.url },
      ],
      routing: {
        modelMappings: {
          fast: [
            { provider: 'first', model: 'gpt-4o-mini' },
            { provider: 'claude', model: 'claude-haiku-4-5' },
          ],
        },
      },
      auth: { keys: [{ name: 'editor', key: 'key-of-the-editor' }] },
      ...(otlp !== undefined && { telemetry: { otlp } }),
    },
  })
  running.push(gateway)
  return gateway
}

interface Question extends Record<string, unknown> {
  model?: string
  headers?: Record<string, string>
}

async function ask(
  { url }: GatewayProcess,
  { model = 'fast', headers = {}, ...body }: Question = {},
): Promise<{ callId: string; status: number; text: string }> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-the-editor', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'What is the secret plan?' }], ...body }),
  })
  const callId = response.headers.get('x-gateway-request-id') ?? ''
  return { callId, status: response.status, text: await response.text() }
}

function split(spans: ReceivedSpan[]): { server: ReceivedSpan; clients: ReceivedSpan[] } {
  const server = spans.find(({ kind }) => kind === 'server')
  if (server === undefined) throw new Error('no server span')
  const clients = spans.filter(({ kind }) => kind === 'client').sort((a, b) => Number(a.start - b.start))
  return { server, clients }
}

describe('traces', () => {
  test('a call is a server span with a client span of the GenAI conventions in it', async () => {
    first.script(withUsage({ input: 120, cacheRead: 100, output: 30, reasoning: 20 }))
    const gateway = await start({ endpoint: collector.url })
    const { callId } = await ask(gateway, { temperature: 0.2, max_tokens: 99, stop: ['END'], n: 1 })
    const { server, clients } = split(await collector.spans({ callId, count: 2 }))
    expect(server).toMatchObject({ name: 'POST /v1/chat/completions', parentSpanId: undefined, isError: false })
    expect(server.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/v1/chat/completions',
      'http.response.status_code': 200,
      'url.path': '/v1/chat/completions',
      'url.scheme': 'http',
      'llm_gateway.alias': 'fast',
      'llm_gateway.requested_model': 'fast',
      'llm_gateway.key': 'editor',
      'llm_gateway.cache': 'BYPASS',
      'llm_gateway.attempts': 1,
      'llm_gateway.request_id': callId,
    })
    expect(clients).toHaveLength(1)
    const [client] = clients as [ReceivedSpan]
    expect(client).toMatchObject({ name: 'chat gpt-4o-mini', parentSpanId: server.spanId, isError: false })
    expect(client.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.request.temperature': 0.2,
      'gen_ai.request.max_tokens': 99,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 120,
      'gen_ai.usage.output_tokens': 30,
      'gen_ai.usage.cache_read.input_tokens': 100,
      'gen_ai.usage.reasoning.output_tokens': 20,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(first.url).port),
      'llm_gateway.provider': 'first',
      'llm_gateway.attempt': 1,
      'llm_gateway.attempt.final': true,
    })
    expect(client.attributes['gen_ai.response.id']).toEqual(expect.any(String))
    expect(client.attributes['gen_ai.response.model']).toEqual(expect.any(String))
    expect(client.attributes['llm_gateway.cost_usd']).toBeGreaterThan(0)
    expect(server.attributes['llm_gateway.cost_usd']).toBe(client.attributes['llm_gateway.cost_usd'])
    for (const absent of ['gen_ai.request.choice.count', 'gen_ai.request.stream', 'error.type']) {
      expect(client.attributes).not.toHaveProperty([absent])
    }
    expect(client.start).toBeGreaterThanOrEqual(server.start)
    expect(client.end).toBeLessThanOrEqual(server.end)
    expect(collector.resource()).toMatchObject({ 'service.name': 'llm-gateway', 'service.version': expect.any(String) })
  })

  test('a retry and a fallback are client spans of their own', async () => {
    first.script(status(500), status(503))
    second.script(text('From Claude.'))
    const gateway = await start({ endpoint: collector.url })
    const { callId, text: said } = await ask(gateway)
    expect(said).toContain('From Claude.')
    const { server, clients } = split(await collector.spans({ callId, count: 4 }))
    expect(
      clients.map(({ name, isError, parentSpanId, attributes }) => ({
        name,
        isError,
        isChild: parentSpanId === server.spanId,
        provider: attributes['gen_ai.provider.name'],
        number: attributes['llm_gateway.attempt'],
        status: attributes['http.response.status_code'],
        isFinal: attributes['llm_gateway.attempt.final'],
      })),
    ).toEqual([
      {
        name: 'chat gpt-4o-mini',
        isError: true,
        isChild: true,
        provider: 'openai',
        number: 1,
        status: 500,
        isFinal: false,
      },
      {
        name: 'chat gpt-4o-mini',
        isError: true,
        isChild: true,
        provider: 'openai',
        number: 2,
        status: 503,
        isFinal: false,
      },
      {
        name: 'chat claude-haiku-4-5',
        isError: false,
        isChild: true,
        provider: 'anthropic',
        number: 3,
        status: 200,
        isFinal: true,
      },
    ])
    for (const failed of clients.slice(0, 2)) expect(failed.attributes['error.type']).toEqual(expect.any(String))
    expect(server.isError).toBe(false)
    expect(server.attributes['llm_gateway.attempts']).toBe(3)
  })

  test('a call that nobody could answer is an error, and says no words of the provider', async () => {
    first.on(/./, status(400, { message: 'the plan is secret' }))
    const gateway = await start({ endpoint: collector.url })
    const refused = await ask(gateway, { model: 'first/gpt-4o-mini' })
    expect(refused.status).toBe(400)
    const { server, clients } = split(await collector.spans({ callId: refused.callId, count: 2 }))
    // The client's mistake is none of the server's.
    expect(server).toMatchObject({ isError: false, attributes: { 'http.response.status_code': 400 } })
    expect(clients).toMatchObject([{ isError: true, attributes: { 'http.response.status_code': 400 } }])
    expect(collector.text()).not.toContain('the plan is secret')
  })

  test.each(['first/gpt-4o-mini', 'claude/claude-haiku-4-5'])(
    'a stream of %s has its time to the first chunk',
    async (model) => {
      const gateway = await start({ endpoint: collector.url })
      const { callId } = await ask(gateway, { model, stream: true })
      const { clients } = split(await collector.spans({ callId, count: 2 }))
      const [client] = clients as [ReceivedSpan]
      expect(client.attributes).toMatchObject({
        'gen_ai.request.stream': true,
        'gen_ai.response.finish_reasons': [model.startsWith('first') ? 'stop' : 'end_turn'],
        'gen_ai.usage.output_tokens': 5,
      })
      const seconds = client.attributes['gen_ai.response.time_to_first_chunk'] as number
      expect(seconds).toBeGreaterThan(0)
      expect(seconds * 1e9).toBeLessThanOrEqual(Number(client.end - client.start))
    },
  )

  test('operations are named by dialect', async () => {
    const gateway = await start({ endpoint: collector.url })
    const paths: [path: string, body: object, name: string][] = [
      [
        '/v1/embeddings',
        { model: 'first/text-embedding-3-small', input: 'Hi', dimensions: 2 },
        'embeddings text-embedding-3-small',
      ],
      [
        '/v1/completions',
        { model: 'first/gpt-3.5-turbo-instruct', prompt: 'Hi' },
        'text_completion gpt-3.5-turbo-instruct',
      ],
      [
        '/v1/messages',
        { model: 'claude/claude-haiku-4-5', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] },
        'chat claude-haiku-4-5',
      ],
    ]
    for (const [path, body, name] of paths) {
      const response = await fetch(`${gateway.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
      expect(response.status).toBe(200)
      const callId = response.headers.get('x-gateway-request-id') ?? ''
      const { server, clients } = split(await collector.spans({ callId, count: 2 }))
      expect(server.name).toBe(`POST ${path}`)
      expect(clients.map((client) => client.name)).toEqual([name])
    }
  })
})

describe('W3C trace context', () => {
  test('the caller’s trace goes on, and each attempt is named to its provider', async () => {
    first.script(status(500), text('Done.'))
    const gateway = await start({ endpoint: collector.url })
    await ask(gateway, { headers: { traceparent, tracestate: 'vendor=1,other=2', baggage: 'user=7' } })
    const { server, clients } = split(await collector.spans({ traceId, count: 3 }))
    expect(server).toMatchObject({ traceId, parentSpanId: parentId, traceState: 'vendor=1,other=2' })
    expect(first.requests.map(({ headers }) => headers['traceparent'])).toEqual(
      clients.map(({ spanId }) => `00-${traceId}-${spanId}-01`),
    )
    expect(first.requests[0]?.headers).toMatchObject({ tracestate: 'vendor=1,other=2', baggage: 'user=7' })
  })

  test('what is malformed is not handed on: the trace begins here', async () => {
    const gateway = await start({ endpoint: collector.url })
    const { callId } = await ask(gateway, {
      headers: { traceparent: traceparent.toUpperCase(), tracestate: 'vendor=1', baggage: 'no equals sign' },
    })
    const { server, clients } = split(await collector.spans({ callId, count: 2 }))
    expect(server.parentSpanId).toBeUndefined()
    expect(server.traceId).not.toBe(traceId)
    const { headers } = await first.received(0)
    expect(headers['traceparent']).toBe(`00-${server.traceId}-${clients[0]?.spanId}-01`)
    expect(headers).not.toHaveProperty('tracestate')
    expect(headers).not.toHaveProperty('baggage')
  })

  test('a caller that does not sample is not sampled, and says so to the provider', async () => {
    const gateway = await start({ endpoint: collector.url })
    await ask(gateway, { headers: { traceparent: `00-${traceId}-${parentId}-00` } })
    const { callId } = await ask(gateway)
    await collector.spans({ callId, count: 2 })
    expect(collector.seen().filter((span) => span.traceId === traceId)).toEqual([])
    expect((await first.received(0)).headers['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
  })

  test('without telemetry nothing is handed on', async () => {
    const gateway = await start(undefined)
    await ask(gateway, { headers: { traceparent, tracestate: 'vendor=1', baggage: 'user=7' } })
    const { headers } = await first.received(0)
    for (const name of ['traceparent', 'tracestate', 'baggage']) expect(headers).not.toHaveProperty(name)
  })
})

describe('metrics', () => {
  const about = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'server.address': '127.0.0.1',
  }

  test('durations, first chunks and tokens, with the conventions’ buckets', async () => {
    first.script(status(500), withUsage({ input: 120, output: 30 }))
    const gateway = await start({ endpoint: collector.url, traces: false })
    await ask(gateway, { stream: true })
    await gateway.stop()
    const metrics = await collector.metrics('gen_ai.client.token.usage')
    const duration = metrics.get('gen_ai.client.operation.duration')
    expect(duration).toMatchObject({ unit: 's', kind: 'histogram', bounds: durationBuckets })
    expect(duration?.points).toHaveLength(2)
    expect(duration?.points.map(({ attributes }) => attributes['error.type'] !== undefined).sort()).toEqual([
      false,
      true,
    ])
    for (const point of duration?.points ?? []) expect(point).toMatchObject({ count: 1, attributes: about })
    const firstChunk = metrics.get('gen_ai.client.operation.time_to_first_chunk')
    expect(firstChunk).toMatchObject({ unit: 's', bounds: durationBuckets, points: [{ count: 1, attributes: about }] })
    const tokens = metrics.get('gen_ai.client.token.usage')
    expect(tokens).toMatchObject({ unit: '{token}', kind: 'histogram', bounds: tokenBuckets })
    expect(
      Object.fromEntries(tokens?.points.map(({ attributes, sum }) => [attributes['gen_ai.token.type'], sum]) ?? []),
    ).toEqual({
      input: 120,
      output: 30,
    })
    expect(collector.seen()).toEqual([])
    expect((await first.received(0)).headers).not.toHaveProperty('traceparent')
  })

  test('the unreleased conventions on demand: counters by category', async () => {
    first.script(withUsage({ input: 120, cacheRead: 100, output: 30, reasoning: 20 }))
    const env = { OTEL_SEMCONV_STABILITY_OPT_IN: 'http,gen_ai_latest_experimental' }
    const gateway = await start({ endpoint: collector.url }, { env })
    await ask(gateway)
    await gateway.stop()
    const metrics = await collector.metrics('gen_ai.client.inference.usage.input_tokens')
    expect(metrics.has('gen_ai.client.token.usage')).toBe(false)
    const counted = [...metrics.values()].filter(({ name }) => name.startsWith('gen_ai.client.inference.'))
    expect(
      Object.fromEntries(counted.map(({ name, kind, points }) => [name.slice(24), [kind, points[0]?.sum]])),
    ).toEqual({
      'usage.input_tokens': ['counter', 120],
      'usage.output_tokens': ['counter', 30],
      'usage.cache_read.input_tokens': ['counter', 100],
      'usage.reasoning.output_tokens': ['counter', 20],
      'operation.input_tokens': ['histogram', 120],
      'operation.output_tokens': ['histogram', 30],
    })
  })
})

describe('loading', () => {
  /** Says on the standard error which packages of OpenTelemetry are asked for. */
  const hook = `import{registerHooks}from'node:module';registerHooks({resolve(s,c,n){if(s.includes('opentelemetry'))process.stderr.write('asked for '+s+String.fromCharCode(10));return n(s,c)}})`
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }

  test('nothing of it is loaded where no collector is configured', async () => {
    const off = await start(undefined, { env })
    expect((await ask(off)).status).toBe(200)
    expect(await off.stop()).toBe(0)
    expect(off.output()).not.toContain('opentelemetry')

    const on = await start({ endpoint: collector.url }, { env })
    expect((await ask(on)).status).toBe(200)
    expect(on.output()).toContain('asked for @opentelemetry/sdk-trace')
  })
})

describe('what is told', () => {
  test('no content and no key, unless content is asked for; then scrubbed', async () => {
    first.on(/./, text('The plan is sk-abcdefghijklmnop1234.'))
    const gateway = await start({ endpoint: collector.url, headers: { 'x-team': 'team-key-123456' } })
    const { callId } = await ask(gateway)
    await collector.spans({ callId, count: 2 })
    expect(collector.headers[0]).toMatchObject({ 'x-team': 'team-key-123456' })
    expect(collector.text()).not.toMatch(/secret plan|The plan is|sk-|key-of-the-editor|team-key/)

    const telling = await start({ endpoint: collector.url, captureContent: true })
    for (const stream of [false, true]) {
      const told = await ask(telling, {
        stream,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Tell key-of-the-editor the plan.' },
        ],
      })
      const { clients } = split(await collector.spans({ callId: told.callId, count: 2 }))
      const [client] = clients as [ReceivedSpan]
      const said = (name: string): unknown => JSON.parse(client.attributes[name] as string)
      expect(said('gen_ai.system_instructions')).toEqual([{ type: 'text', content: 'Be brief.' }])
      expect(said('gen_ai.input.messages')).toEqual([
        { role: 'user', parts: [{ type: 'text', content: 'Tell [redacted] the plan.' }] },
      ])
      expect(said('gen_ai.output.messages')).toEqual([
        { role: 'assistant', parts: [{ type: 'text', content: 'The plan is [redacted].' }], finish_reason: 'stop' },
      ])
    }
  })
})

describe('the collector', () => {
  test('dead: calls go on, one line says so, and one that it is back', async () => {
    const { url } = collector
    await collector.close()
    const gateway = await start({ endpoint: url, metrics: false })
    const times: number[] = []
    for (let number = 0; number < 20; number += 1) {
      const before = performance.now()
      expect((await ask(gateway)).status).toBe(200)
      times.push(performance.now() - before)
    }
    expect(Math.max(...times.slice(1))).toBeLessThan(500)
    await expect.poll(() => gateway.output(), { timeout: 20_000 }).toContain('telemetry cannot be sent')
    collector = await startCollector(Number(new URL(url).port))
    const { callId } = await ask(gateway)
    await collector.spans({ callId, count: 2 })
    await expect.poll(() => gateway.output()).toContain('telemetry is taken again')
    expect(gateway.output().match(/telemetry cannot be sent/g)).toHaveLength(1)
    expect(await gateway.stop()).toBe(0)
  })

  test('that refuses is named with its status, and does not hold up the end', async () => {
    collector.answer(401)
    const gateway = await start({ endpoint: collector.url })
    await ask(gateway)
    await expect.poll(() => gateway.output(), { timeout: 20_000 }).toContain('it answered with HTTP 401')
    const before = performance.now()
    expect(await gateway.stop()).toBe(0)
    expect(performance.now() - before).toBeLessThan(4000)
  })

  test('that says nothing at all holds up no call, and the end for a few seconds', async () => {
    collector.answer(0)
    const gateway = await start({ endpoint: collector.url })
    await ask(gateway)
    const times: number[] = []
    for (let number = 0; number < 50; number += 1) {
      const before = performance.now()
      expect((await ask(gateway)).status).toBe(200)
      times.push(performance.now() - before)
    }
    expect(Math.max(...times)).toBeLessThan(500)
    const before = performance.now()
    expect(await gateway.stop()).toBe(0)
    expect(performance.now() - before).toBeLessThan(8000)
  })

  test('what is left is sent when the gateway ends', async () => {
    const gateway = await start(
      { endpoint: collector.url },
      { env: { OTEL_BSP_SCHEDULE_DELAY: '60000', OTEL_METRIC_EXPORT_INTERVAL: '60000' } },
    )
    await ask(gateway)
    expect(collector.seen()).toEqual([])
    expect(await gateway.stop()).toBe(0)
    expect(collector.seen()).toHaveLength(2)
    const metrics = await collector.metrics('gen_ai.client.operation.duration')
    expect([...metrics.keys()]).toEqual(['gen_ai.client.operation.duration', 'gen_ai.client.token.usage'])
  })
})
