import { request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SseReader } from '../gateway/dialects/sse.ts'
import { jsonOutput, noUsage, reasoning, refusal, text, toolCalls, withUsage } from './helpers/upstream-plays.ts'
import type { Play } from './helpers/upstream-exchange.ts'
import {
  duplicateEvents,
  emptyStream,
  endsEarly,
  errorInside200,
  gzip,
  hangBeforeHeaders,
  hangMidStream,
  keepAliveClosedOnReuse,
  malformedJson,
  pausedStream,
  raw,
  resetBeforeHeaders,
  resetMidStream,
  slowDrip,
  status,
  truncatedChunk,
  usageOnlyChunk,
  wrongContentType,
} from './helpers/upstream-faults.ts'
import { startUpstream, type Upstream } from './helpers/upstream.ts'

let upstream: Upstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())
beforeEach(() => upstream.reset())

type Dialect = 'openai' | 'azure' | 'azure-v1' | 'anthropic' | 'gemini'
const dialects: Dialect[] = ['openai', 'azure', 'azure-v1', 'anthropic', 'gemini']

function pathOf(dialect: Dialect, stream: boolean): string {
  const paths: Record<Dialect, string> = {
    openai: '/v1/chat/completions',
    azure: '/openai/deployments/m/chat/completions?api-version=2024-10-21',
    'azure-v1': '/openai/v1/chat/completions',
    anthropic: '/v1/messages',
    gemini: stream ? '/v1beta/models/m:streamGenerateContent?alt=sse' : '/v1beta/models/m:generateContent',
  }
  return paths[dialect]
}

interface Heard {
  status: number
  type: string
  body: string
  events: { name: string | undefined; data: string }[]
}

async function post(path: string, body: object, signal?: AbortSignal): Promise<Heard> {
  const response = await request(upstream.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  })
  const bytes = Buffer.from(await response.body.arrayBuffer())
  const events: Heard['events'] = []
  const reader = new SseReader((name, data) => events.push({ name, data }))
  reader.push(bytes)
  reader.end()
  return {
    status: response.statusCode,
    type: String(response.headers['content-type']),
    body: bytes.toString(),
    events,
  }
}

function ask(dialect: Dialect, stream = false, more: object = {}): Promise<Heard> {
  return post(pathOf(dialect, stream), {
    model: 'm',
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...more,
  })
}

describe('plays are written in the dialect of the path', () => {
  test.each(dialects)('%s: text, whole and streamed', async (dialect) => {
    upstream.script(text('Grüße, Welt 👋'), text('Grüße, Welt 👋'))
    const whole = await ask(dialect)
    expect(whole).toMatchObject({ status: 200, type: 'application/json' })
    expect(whole.body).toContain('Grüße, Welt 👋')
    const streamed = await ask(dialect, true)
    expect(streamed.type).toContain('text/event-stream')
    expect(streamed.events.length).toBeGreaterThan(3)
    const isOpenai = dialect === 'openai' || dialect.startsWith('azure')
    expect(streamed.events.at(-1)?.data === '[DONE]').toBe(isOpenai)
    for (const { name, data } of streamed.events) {
      if (dialect === 'anthropic') expect(name).toBe((JSON.parse(data) as { type: string }).type)
      else expect(name).toBeUndefined()
    }
  })

  const calls = [
    { id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
    { id: 'call_b', name: 'clock', arguments: '{}' },
  ]

  test.each(dialects)('%s: parallel tool calls with argument fragments', async (dialect) => {
    upstream.script(toolCalls(calls), toolCalls(calls))
    const whole = await ask(dialect)
    expect(whole.body).toMatch(/weather.*Oslo.*clock/s)
    const streamed = await ask(dialect, true)
    const fragments = streamed.events.filter(({ data }) => /partial_json|"arguments"|functionCall/.test(data))
    expect(fragments.length).toBeGreaterThanOrEqual(dialect === 'gemini' ? 2 : 5)
  })

  test.each<[string, Play, RegExp]>([
    ['openai', reasoning('Hmm.', 'Yes.'), /reasoning_content":"Hmm\./],
    ['anthropic', reasoning('Hmm.', 'Yes.'), /"thinking":"Hmm\.","signature":"\S+"/],
    ['gemini', reasoning('Hmm.', 'Yes.'), /"text":"Hmm\.","thought":true/],
    ['openai', refusal('No.'), /"content":null,"refusal":"No\."/],
    ['anthropic', refusal('No.'), /"content":\[\],"stop_reason":"refusal"/],
    ['gemini', refusal('No.'), /"finishReason":"SAFETY"/],
    ['openai', jsonOutput({ a: 1 }), /"content":"\{\\"a\\":1\}"/],
    [
      'openai',
      withUsage({ input: 9, output: 5, cacheRead: 4, reasoning: 2 }),
      /"prompt_tokens":9,"completion_tokens":5/,
    ],
    [
      'anthropic',
      withUsage({ input: 9, output: 5, cacheRead: 4, cacheWrite: 2 }),
      /"input_tokens":3,"cache_creation_input_tokens":2,"cache_read_input_tokens":4/,
    ],
    [
      'gemini',
      withUsage({ input: 9, output: 5, cacheRead: 4, reasoning: 2 }),
      /"promptTokenCount":9,"candidatesTokenCount":3,.*"cachedContentTokenCount":4,"thoughtsTokenCount":2/,
    ],
    ['openai', noUsage(), /^(?!.*usage)/],
    ['anthropic', noUsage(), /^(?!.*usage)/],
    ['gemini', noUsage(), /^(?!.*usage)/],
  ])('%s: whole answer %#', async (dialect, play, expected) => {
    upstream.script(play)
    expect((await ask(dialect as Dialect)).body).toMatch(expected)
  })

  test('n choices where the dialect has them', async () => {
    const openai = await ask('openai', false, { n: 3 })
    expect((JSON.parse(openai.body) as { choices: unknown[] }).choices).toHaveLength(3)
    const gemini = await ask('gemini', false, { generationConfig: { candidateCount: 2 } })
    expect((JSON.parse(gemini.body) as { candidates: unknown[] }).candidates).toHaveLength(2)
  })

  test('JSON output becomes the forced tool call that an Anthropic client asked for', async () => {
    upstream.script(jsonOutput({ a: 1 }))
    const heard = await ask('anthropic', false, { tool_choice: { type: 'tool', name: 'answer' } })
    expect(heard.body).toContain('"name":"answer","input":{"a":1}')
  })

  test('a stream tells usage only to those who asked', async () => {
    const silent = await ask('openai', true, { stream_options: null })
    expect(silent.body).not.toContain('usage')
  })

  test('embeddings as floats and as base64', async () => {
    const floats = await post('/v1/embeddings', { model: 'e', input: ['a', 'b'] })
    expect(floats.body).toContain('[0.25,-0.5,2]')
    const packed = await post('/v1/embeddings', { model: 'e', input: 'a', encoding_format: 'base64' })
    const { data } = JSON.parse(packed.body) as { data: { embedding: string }[] }
    const bytes = Uint8Array.from(Buffer.from(data[0]?.embedding ?? '', 'base64'))
    expect([...new Float32Array(bytes.buffer)]).toEqual([0.25, -0.5, 1])
  })

  test('legacy completions', async () => {
    expect((await post('/v1/completions', { model: 'm', prompt: 'x' })).body).toContain('"text":"Hello!"')
    const streamed = await post('/v1/completions', { model: 'm', prompt: 'x', stream: true })
    expect(streamed.events.at(-1)?.data).toBe('[DONE]')
  })

  test.each([
    ['/v1/models', {}, '"object":"list"'],
    ['/v1/models', { 'anthropic-version': '2023-06-01' }, '"has_more":false'],
    ['/v1beta/models', {}, 'models/gemini-2.5-flash'],
  ])('GET %s %j', async (path, headers, expected) => {
    const response = await request(upstream.url + path, { headers })
    expect(await response.body.text()).toContain(expected)
  })

  test('records what it was asked; plays by path stand behind the queue', async () => {
    upstream.on('/v1/messages', text('by path'))
    upstream.on(/chat/, text('by pattern'))
    upstream.script(text('queued'))
    expect((await ask('anthropic')).body).toContain('queued')
    expect((await ask('anthropic')).body).toContain('by path')
    expect((await ask('openai', false, { n: 1 })).body).toContain('by pattern')
    const third = await upstream.received(2)
    expect(third).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: { model: 'm', n: 1 } })
    expect(await third.aborted).toBe(false)
  })
})

describe('faults', () => {
  test.each<[Dialect, number, RegExp]>([
    ['openai', 429, /"type":"requests","param":null,"code":"rate_limit_exceeded"/],
    ['openai', 500, /"type":"server_error","param":null,"code":null/],
    ['anthropic', 529, /"type":"error","error":\{"type":"overloaded_error"/],
    ['anthropic', 401, /authentication_error/],
    ['gemini', 429, /"code":429,.*"status":"RESOURCE_EXHAUSTED"/],
    ['gemini', 400, /INVALID_ARGUMENT/],
  ])('%s says %d in its own words', async (dialect, code, expected) => {
    upstream.script(status(code, { headers: { 'retry-after': '3' } }))
    const heard = await ask(dialect)
    expect(heard.status).toBe(code)
    expect(heard.body).toMatch(expected)
  })

  test.each(dialects)('%s: error inside a 200, as first event, in the middle, as whole body', async (dialect) => {
    upstream.script(errorInside200(), errorInside200({ at: 3 }), errorInside200())
    const first = await ask(dialect, true)
    expect(first).toMatchObject({ status: 200, events: [{ data: expect.stringContaining('"error"') as string }] })
    const middle = await ask(dialect, true)
    expect(middle.events).toHaveLength(4)
    expect(middle.events[3]?.data).toContain('"error"')
    expect(await ask(dialect)).toMatchObject({ status: 200, body: expect.stringContaining('"error"') as string })
  })

  test.each<[string, Play, boolean]>([
    ['hang before headers', hangBeforeHeaders(), true],
    ['hang in the stream', hangMidStream(2), true],
    ['hang in a whole body', hangMidStream(2), false],
    ['paused', pausedStream(new Promise(() => {})), true],
  ])('%s: ends when the client hangs up, which is recorded', async (_name, play, stream) => {
    upstream.script(play)
    const leave = new AbortController()
    const answer = post(pathOf('openai', stream), { stream }, leave.signal)
    const asked = await upstream.received(0)
    leave.abort()
    await expect(answer).rejects.toThrow(/abort/i)
    expect(await asked.aborted).toBe(true)
  })

  test.each<[string, Play, boolean, RegExp]>([
    ['reset before headers', resetBeforeHeaders(), true, /ECONNRESET|other side closed/],
    ['reset in the stream', resetMidStream(3), true, /ECONNRESET|other side closed|terminated/],
    ['reset in a whole body', resetMidStream(3), false, /ECONNRESET|other side closed|terminated/],
    ['truncated stream', truncatedChunk(), true, /other side closed|terminated/],
    ['truncated whole body', truncatedChunk(), false, /other side closed|terminated/],
  ])('%s', async (_name, play, stream, expected) => {
    upstream.script(play)
    await expect(ask('openai', stream)).rejects.toThrow(expected)
    expect(await upstream.requests[0]?.aborted).toBe(false)
  })

  test.each(dialects)('%s: slow drip cuts anywhere and is complete', async (dialect) => {
    upstream.script(text('ü👋'), slowDrip({ bytes: 9, everyMs: 0 }, { text: 'ü👋' }))
    const plain = await ask(dialect, true)
    expect((await ask(dialect, true)).body).toBe(plain.body)
  })

  test.each([true, false])('gzip, stream %s', async (stream) => {
    upstream.script(gzip())
    const response = await fetch(upstream.url + pathOf('openai', stream), {
      method: 'POST',
      body: JSON.stringify({ stream }),
    })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toContain(stream ? '[DONE]' : 'Hello from the other side')
  })

  test('malformed JSON', async () => {
    upstream.script(malformedJson(1), malformedJson())
    const streamed = await ask('openai', true)
    expect(streamed.events[1]?.data).toBe('{"id": "oops", ')
    expect(streamed.events.at(-1)?.data).toBe('[DONE]')
    expect((await ask('openai')).body).toBe('{"id": "oops", ')
  })

  test.each(dialects)('%s: duplicate events repeat no words', async (dialect) => {
    upstream.script(text('Hello there'), duplicateEvents({ text: 'Hello there' }))
    const once = await ask(dialect, true)
    const twice = await ask(dialect, true)
    expect(twice.events.length).toBeGreaterThan(once.events.length)
    expect(twice.events.at(-1)).toEqual(twice.events.at(-2))
    const wordCount = ({ body }: Heard) => body.split(' ther').length
    expect(wordCount(twice)).toBe(wordCount(once))
  })

  test.each<[Dialect, RegExp]>([
    ['openai', /"choices":\[\],"usage"/],
    ['anthropic', /"delta":\{\},"usage"/],
    ['gemini', /\{"usageMetadata"/],
  ])('%s: a usage-only chunk', async (dialect, expected) => {
    upstream.script(usageOnlyChunk())
    expect((await ask(dialect, true)).events[4]?.data).toMatch(expected)
  })

  test('nothing, too early an end, raw bytes, a wrong content type', async () => {
    upstream.script(
      emptyStream(),
      endsEarly(2),
      raw('<html>', { code: 502, contentType: 'text/html' }),
      wrongContentType(),
    )
    expect(await ask('openai', true)).toMatchObject({ status: 200, body: '' })
    expect((await ask('openai', true)).events).toHaveLength(2)
    expect(await ask('openai')).toMatchObject({ status: 502, type: 'text/html', body: '<html>' })
    const wrong = await ask('openai', true)
    expect(wrong.type).toBe('text/plain')
    expect(wrong.events.at(-1)?.data).toBe('[DONE]')
  })

  test('a paused stream goes on when told', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    upstream.script(pausedStream(promise))
    const answer = ask('openai', true)
    await upstream.received(0)
    resolve()
    expect((await answer).events.at(-1)?.data).toBe('[DONE]')
  })

  test('keep-alive closed on reuse', async () => {
    const { Agent } = await import('undici')
    const oneSocket = new Agent({ connections: 1, pipelining: 1 })
    upstream.script(keepAliveClosedOnReuse())
    const options = { method: 'POST' as const, body: '{}', dispatcher: oneSocket }
    const first = await request(upstream.url + '/v1/chat/completions', options)
    await first.body.text()
    await expect(request(upstream.url + '/v1/chat/completions', options)).rejects.toThrow(
      /other side closed|ECONNRESET/,
    )
    expect(upstream.dropped()).toBe(1)
    await oneSocket.close()
  })
})

test('close() does not wait for a hanging play', async () => {
  const own = await startUpstream()
  own.script(hangBeforeHeaders())
  const lost = expect(fetch(own.url, { method: 'POST', body: '{}' })).rejects.toThrow(/fetch failed/)
  await own.received(0)
  await own.close()
  await lost
})
