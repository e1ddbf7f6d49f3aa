import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createUpstream } from '../../../gateway/upstream/client.ts'
import type { UpstreamRequest } from '../../../gateway/upstream/upstream.ts'
import { sendTo, type Received } from './collect.ts'

const upstream = createUpstream({}, {})

function demo(body: unknown, request: Partial<UpstreamRequest> = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return sendTo(upstream, { origin: 'demo://local', path: '/chat/completions', body: bytes, ...request })
}

const asked = { model: 'demo', messages: [{ role: 'user', content: 'Hello?' }] }

async function json(body: unknown, request?: Partial<UpstreamRequest>): Promise<Record<string, unknown>> {
  const received = await demo(body, request).done
  expect(received).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, ends: 1 })
  return JSON.parse(received.text) as Record<string, unknown>
}

describe('whole', () => {
  test('says what it is, what it heard, and what it counted', async () => {
    const body = await json(asked)
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'demo',
      choices: [{ index: 0, message: { role: 'assistant', content: expect.any(String) }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: expect.any(Number) },
    })
    const text = JSON.stringify(body)
    expect(text).toContain('demo provider of LLM Gateway; no model was called and nothing was spent')
    expect(text).toContain('You said: \\"Hello?\\"')
  })

  const messages: [what: string, messages: unknown, heard: RegExp][] = [
    [
      'parts',
      [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }] }],
      /You said: \\"ab\\"/,
    ],
    [
      'the last of several',
      [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'x' },
        { role: 'user', content: 'last' },
      ],
      /You said: \\"last\\"/,
    ],
    ['a long one, shortened', [{ role: 'user', content: 'x'.repeat(300) }], /x{200}…/],
    ['none', [], /nothing was spent\. Add a provider/],
    ['no list', 'Hello', /nothing was spent\. Add/],
    ['nulls', [null, { role: 'user', content: null }], /nothing was spent\. Add/],
  ]
  test.each(messages)('%s', async (_what, given, heard) => {
    expect(JSON.stringify(await json({ model: 'demo', messages: given }))).toMatch(heard)
  })

  test('malformed JSON is answered too', async () => {
    expect(await json('{')).toMatchObject({ object: 'chat.completion' })
  })
})

test('its list of models', async () => {
  expect(await json('', { method: 'GET', path: '/models' })).toMatchObject({ object: 'list', data: [{ id: 'demo' }] })
})

describe('embeddings', () => {
  const path = '/embeddings'
  test('unit vectors, like texts near each other', async () => {
    const body = await json({ model: 'demo', input: ['the cat sat', 'the cat sits', 'quantum flux'] }, { path })
    const [a, b, c] = (body['data'] as { embedding: number[] }[]).map(({ embedding }) => embedding) as [
      number[],
      number[],
      number[],
    ]
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0)
    expect(dot(a, a)).toBeCloseTo(1)
    expect(dot(a, b)).toBeGreaterThan(dot(a, c))
    expect(body['usage']).toMatchObject({ prompt_tokens: expect.any(Number) })
  })

  test('base64, one text, tokens, nothing', async () => {
    const base64 = await json({ input: 'x', encoding_format: 'base64' }, { path })
    const [{ embedding }] = base64['data'] as [{ embedding: string }]
    expect(Buffer.from(embedding, 'base64')).toHaveLength(64 * 4)
    expect((await json({ input: [1, 2, 3] }, { path }))['data']).toHaveLength(1)
    expect((await json({}, { path }))['data']).toHaveLength(1)
  })
})

describe('a stream', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  const begin = async () => {
    const sending = demo({ ...asked, stream: true })
    await new Promise((resolve) => setImmediate(resolve))
    return sending
  }

  test('word by word, then the reason, the usage and the sentinel', async () => {
    const { done } = await begin()
    vi.runAllTimers()
    const received: Received = await done
    const events = received.text.split('\n\n').filter((event) => event !== '')
    expect(events.at(-1)).toBe('data: [DONE]')
    const chunks = events
      .slice(0, -1)
      .map(
        (event) =>
          JSON.parse(event.slice(6)) as { choices: { delta: { content?: string }; finish_reason: string | null }[] },
      )
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toContain('You said: "Hello?".')
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 9 } })
    expect(received.ends).toBe(1)
  })

  test('waits while paused, wherever it is, and goes on', async () => {
    const { flight, done } = await begin()
    let received: Received | undefined
    void done.then((all) => (received = all))
    for (let piece = 0; received === undefined && piece < 200; piece += 1) {
      vi.advanceTimersByTime(12)
      flight.pause()
      vi.advanceTimersByTime(1000)
      flight.resume()
      flight.resume()
      await Promise.resolve()
    }
    expect(received?.text).toMatch(/data: \[DONE\]\n\n$/)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('ends at an abort, once', async () => {
    const { flight, done } = await begin()
    vi.advanceTimersByTime(36)
    flight.abort(new Error('enough'))
    flight.abort(new Error('again'))
    vi.runAllTimers()
    expect(await done).toMatchObject({ ends: 1, error: { message: 'enough' } })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('aborted before it began', async () => {
    const { flight, done } = demo({ ...asked, stream: true })
    flight.abort(new Error('enough'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await done).toMatchObject({ status: undefined, ends: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })
})
