import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultyName, faultyNames, type FaultWorld, startFaultWorld } from '../helpers/fault-world.ts'
import type { Play } from '../helpers/upstream-exchange.ts'
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
  raw,
  resetBeforeHeaders,
  resetMidStream,
  slowDrip,
  status,
  truncatedChunk,
  usageOnlyChunk,
  wrongContentType,
} from '../helpers/upstream-faults.ts'
import { noUsage, refusal, text } from '../helpers/upstream-plays.ts'

let world: FaultWorld
beforeAll(async () => {
  world = await startFaultWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.reset()
  world.second.on(/./, text('From the second.'))
})

type Form = 'whole' | 'streamed' | 'both'
type Case = [name: string, play: Play, form: Form]

function cross(cases: Case[]): [FaultyName, string, 'whole' | 'streamed', Play][] {
  return faultyNames.flatMap((provider) =>
    cases.flatMap(([name, play, form]) =>
      (['whole', 'streamed'] as const)
        .filter((each) => form === 'both' || form === each)
        .map((each): [FaultyName, string, 'whole' | 'streamed', Play] => [provider, name, each, play]),
    ),
  )
}

/** Nothing has been said yet, so another may say it. */
const beforeContent: Case[] = [
  ...[408, 425, 429, 500, 502, 503, 504, 529].map((code): Case => [`status ${code}`, status(code), 'both']),
  ['an HTML page with 502', raw('<html>Bad gateway</html>', { code: 502, contentType: 'text/html' }), 'both'],
  ['reset before headers', resetBeforeHeaders(), 'both'],
  ['hang before headers', hangBeforeHeaders(), 'both'],
  ['headers and then silence', hangMidStream(0), 'streamed'],
  ['half a body and then silence', hangMidStream(0), 'whole'],
  ['reset after headers', resetMidStream(0), 'both'],
  ['error inside a 200', errorInside200(), 'both'],
  ['rate limit inside a 200', errorInside200({ like: 429 }), 'both'],
  ['a 200 with nothing in it', emptyStream(), 'both'],
  ['a 200 that is a page', raw('<html>Sign in</html>', { contentType: 'text/html' }), 'both'],
  ['a body cut in the middle', truncatedChunk(), 'whole'],
  ['a body that is no JSON', malformedJson(), 'whole'],
]

describe('falls back before the first content', () => {
  test.each(cross(beforeContent))('%s: %s, %s', async (provider, _name, form, play) => {
    world.faulty[provider].script(play)
    const reply = await world.ask({ provider, stream: form === 'streamed' })
    expect(reply).toMatchObject({ status: 200, content: 'From the second.', error: undefined })
    expect(reply.headers).toMatchObject({
      'x-gateway-provider': 'second',
      'x-gateway-model': 'backup',
      'x-gateway-attempts': '2',
      'x-cache': 'MISS',
    })
    expect(world.faulty[provider].requests).toHaveLength(1)
    expect(world.second.requests[0]?.body).toMatchObject({ model: 'backup' })
  })

  test.each<[FaultyName, Play]>([
    [
      'openai',
      status(400, { code: 'context_length_exceeded', message: "This model's maximum context length is 8192." }),
    ],
    ['anthropic', status(400, { message: 'prompt is too long: 250000 tokens > 200000 maximum' })],
    [
      'google',
      status(400, { message: 'The input token count (1100000) exceeds the maximum number of tokens allowed.' }),
    ],
  ])('%s: a prompt too long for this model', async (provider, play) => {
    world.faulty[provider].script(play)
    expect(await world.ask({ provider, stream: false })).toMatchObject({ content: 'From the second.' })
  })

  test.each(faultyNames)('%s: a hung attempt is left, not kept', async (provider) => {
    world.faulty[provider].script(hangBeforeHeaders())
    await world.ask({ provider, stream: true })
    expect(await world.faulty[provider].requests[0]?.aborted).toBe(true)
  })
})

describe('does not fall back', () => {
  const final = [400, 401, 403, 404, 413, 422].map((code): Case => [
    `status ${code}`,
    status(code, { message: `No: ${code}` }),
    'both',
  ])

  test.each(cross(final))('%s: %s, %s', async (provider, name, form, play) => {
    world.faulty[provider].script(play)
    const reply = await world.ask({ provider, stream: form === 'streamed' })
    expect(reply.status).toBe(Number(name.slice(-3)))
    expect(reply.error?.message).toContain(`No: ${name.slice(-3)}`)
    expect(reply.headers).toMatchObject({ 'x-gateway-provider': provider, 'x-gateway-attempts': '1' })
    expect(world.second.requests).toHaveLength(0)
  })

  test.each(faultyNames)('%s: a refusal is an answer', async (provider) => {
    world.faulty[provider].script(refusal('I will not.'))
    expect(await world.ask({ provider, stream: false })).toMatchObject({ status: 200, error: undefined })
    expect(world.second.requests).toHaveLength(0)
  })

  test('when the client says so', async () => {
    world.faulty.openai.script(status(503))
    const reply = await world.ask({ provider: 'openai', stream: false, headers: { 'x-gateway-fallback': 'false' } })
    expect(reply.status).toBe(503)
    expect(world.second.requests).toHaveLength(0)
  })
})

/** After the commit point the error is told in-band, in OpenAI's way, and the stream still ends with [DONE]. */
describe('after the first content', () => {
  const begun = { text: 'Begun but, alas, never brought to its end.' }
  const cut: Case[] = [
    ['silence', hangMidStream(5, begun), 'streamed'],
    ['reset', resetMidStream(5, begun), 'streamed'],
    ['a cut chunk', truncatedChunk(5, begun), 'streamed'],
    ['an orderly end without a finish', endsEarly(5, begun), 'streamed'],
    ['an error in the stream', errorInside200({ at: 5, what: begun, message: 'Overloaded midway.' }), 'streamed'],
  ]

  test.each(cross(cut))('%s: %s, %s', async (provider, name, _form, play) => {
    world.faulty[provider].script(play)
    const reply = await world.ask({ provider, stream: true })
    expect(reply.status).toBe(200)
    expect(reply.content).not.toBe('')
    expect(begun.text.startsWith(reply.content)).toBe(true)
    expect(reply.error).toBeDefined()
    if (name === 'an error in the stream') expect(reply.error?.message).toContain('Overloaded midway.')
    expect(reply.headers).toMatchObject({ 'x-gateway-provider': provider, 'x-gateway-attempts': '1' })
    expect(world.second.requests).toHaveLength(0)
  })

  test.each(faultyNames)('%s: what broke is not kept in the cache', async (provider) => {
    world.faulty[provider].script(resetMidStream(5, begun), text('Sound now.'))
    const model = 'broken-once'
    expect((await world.ask({ provider, stream: true, model })).error).toBeDefined()
    const again = await world.ask({ provider, stream: true, model })
    expect(again).toMatchObject({ content: 'Sound now.', headers: { 'x-cache': 'MISS' } })
  })

  test.each(faultyNames)('%s: one event that is no JSON breaks nothing that follows', async (provider) => {
    world.faulty[provider].script(malformedJson(4, begun))
    const reply = await world.ask({ provider, stream: true })
    expect(reply.status).toBe(200)
    // Either told as an error or left out; never handed to a client that would choke on it (`ask` has parsed it all).
    if (reply.error === undefined) expect(reply.content).toBe(begun.text)
  })
})

describe('oddities that do no harm', () => {
  const what = { text: 'Grüße 👋🏽, Welt! Tschüß.' }
  const odd: Case[] = [
    ['one byte at a time', slowDrip({ bytes: 1, everyMs: 0 }, what), 'both'],
    ['gzip that nobody asked for', gzip(what), 'both'],
    ['a usage-only event in the middle', usageOnlyChunk(what), 'both'],
    ['no usage at all', noUsage(what.text), 'both'],
    ['a wrong content type', wrongContentType('text/plain', what), 'both'],
  ]

  test.each(cross(odd))('%s: %s, %s', async (provider, _name, form, play) => {
    world.faulty[provider].script(play)
    const reply = await world.ask({ provider, stream: form === 'streamed' })
    expect(reply).toMatchObject({ status: 200, content: what.text, error: undefined })
    expect(reply.headers['x-gateway-attempts']).toBe('1')
    const type = form === 'streamed' ? 'text/event-stream' : 'application/json'
    expect(reply.headers['content-type']).toContain(type)
    expect(reply.headers['content-encoding']).toBeUndefined()
  })

  test.each(['anthropic', 'google'] as const)('%s: events that come twice', async (provider) => {
    world.faulty[provider].script(duplicateEvents(what))
    expect(await world.ask({ provider, stream: true })).toMatchObject({ content: what.text, error: undefined })
  })

  test('openai: events that come twice; nothing follows [DONE]', async () => {
    world.faulty.openai.script(duplicateEvents(what))
    const response = await fetch(`${world.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'openai/twice', messages: [{ role: 'user', content: 'Hi' }], stream: true }),
    })
    const events = (await response.text()).split('\n\n').filter((event) => event !== '')
    expect(events.filter((event) => event === 'data: [DONE]')).toHaveLength(1)
    expect(events.at(-1)).toBe('data: [DONE]')
  })
})

/** With `x-gateway-fallback: false`: what is left to tell when nobody else may be asked. */
describe('the error a client gets', () => {
  test.each<[string, Play, number, string | undefined]>([
    ['reset', resetBeforeHeaders(), 502, 'upstream_unreachable'],
    ['hang', hangBeforeHeaders(), 504, 'upstream_timeout'],
    ['nothing', emptyStream(), 502, 'upstream_empty_response'],
    ['an HTML page', raw('<html>Bad gateway</html>', { code: 502, contentType: 'text/html' }), 502, undefined],
    ['an error inside a 200', errorInside200({ like: 503, message: 'Too busy.' }), 502, undefined],
  ])('%s, whole and streamed', async (name, play, code, errorCode) => {
    for (const stream of [false, true]) {
      world.faulty.openai.script(play)
      const reply = await world.ask({ provider: 'openai', stream, headers: { 'x-gateway-fallback': 'false' } })
      if (name === 'an error inside a 200') expect([500, 502, 503]).toContain(reply.status)
      else expect(reply.status).toBe(code)
      if (errorCode !== undefined) expect(reply.error?.code).toBe(errorCode)
      if (name === 'an error inside a 200') expect(reply.error?.message).toContain('Too busy.')
      expect(reply.headers).toMatchObject({
        'x-gateway-attempts': '1',
        'content-type': expect.stringContaining('json') as string,
      })
    }
  })

  test('a body that is no JSON', async () => {
    world.faulty.openai.script(malformedJson())
    const reply = await world.ask({ provider: 'openai', stream: false, headers: { 'x-gateway-fallback': 'false' } })
    expect(reply).toMatchObject({ status: 502, error: { code: 'upstream_invalid_response' } })
  })

  test('nobody listens there', async () => {
    const { startUpstream } = await import('../helpers/upstream.ts')
    const { startGatewayProcess } = await import('../helpers/gateway.ts')
    const gone = await startUpstream()
    await gone.close()
    const gateway = await startGatewayProcess({
      config: { providers: [{ name: 'openai', apiKey: 'sk-x', baseUrl: `${gone.url}/v1`, maxRetries: 0 }] },
    })
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}',
    })
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_unreachable' } })
    await gateway.stop()
  })

  test('x-gateway-timeout ends the whole call in time', async () => {
    world.faulty.openai.script(hangBeforeHeaders())
    const began = performance.now()
    const reply = await world.ask({ provider: 'openai', stream: false, headers: { 'x-gateway-timeout': '0.3' } })
    expect([408, 504]).toContain(reply.status)
    expect(reply.error?.code).toMatch(/_timeout$/)
    // Its own limit, not the provider's of three seconds.
    expect(performance.now() - began).toBeLessThan(1500)
    expect(await world.faulty.openai.requests[0]?.aborted).toBe(true)
  })
})

describe('asking again', () => {
  const noFallback = { 'x-gateway-fallback': 'false' }

  test.each<[string, Play]>([
    ['503', status(503)],
    ['429 that says when', status(429, { headers: { 'retry-after-ms': '50' } })],
    ['a reset', resetBeforeHeaders()],
    ['an error inside a 200', errorInside200()],
  ])('the same provider after %s', async (_name, play) => {
    world.retried.script(play, text('Better now.'))
    const reply = await world.ask({ provider: 'retried', stream: true, headers: noFallback })
    expect(reply).toMatchObject({ status: 200, content: 'Better now.' })
    expect(reply.headers).toMatchObject({ 'x-gateway-attempts': '2', 'x-gateway-provider': 'retried' })
  })

  test('no more often than allowed', async () => {
    world.retried.on(/./, status(503))
    const reply = await world.ask({ provider: 'retried', stream: false, headers: noFallback })
    expect(reply.status).toBe(503)
    expect(world.retried.requests).toHaveLength(3)
    expect(reply.headers['x-gateway-attempts']).toBe('3')
  })

  test('never after content: what was paid for once is not asked for twice', async () => {
    world.retried.on(/./, resetMidStream(5, { text: 'Begun but never ended, alas.' }))
    expect((await world.ask({ provider: 'retried', stream: true, headers: noFallback })).error).toBeDefined()
    expect(world.retried.requests).toHaveLength(1)
  })

  test('a connection that the provider closed while it was idle', async () => {
    world.retried.on(/./, keepAliveClosedOnReuse({ text: 'Still here.' }))
    for (let turn = 0; turn < 3; turn += 1) {
      const reply = await world.ask({ provider: 'retried', stream: false, headers: noFallback })
      expect(reply).toMatchObject({ status: 200, content: 'Still here.' })
    }
    expect(world.retried.dropped()).toBeGreaterThan(0)
  })
})

test('a circuit opens after failures in a row, and the next call does not wait for the broken provider', async () => {
  world.faulty.openai.on(/./, status(500))
  for (let turn = 0; turn < 6; turn += 1) await world.ask({ provider: 'openai', stream: false, model: 'always-broken' })
  const before = world.faulty.openai.requests.length
  const reply = await world.ask({ provider: 'openai', stream: true, model: 'always-broken' })
  expect(reply.headers['x-gateway-provider']).toBe('second')
  expect(world.faulty.openai.requests).toHaveLength(before)
})
