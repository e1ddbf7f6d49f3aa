import type { ChatCompletion } from 'openai/resources/chat/completions'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Family,
  family,
  type FourProviders,
  models,
  type ProviderName,
  providerNames,
  startFourProviders,
} from '../helpers/four-providers.ts'
import { allOf } from '../helpers/all-of.ts'
import { normalBody } from '../helpers/normal-body.ts'
import { hangBeforeHeaders, hangMidStream } from '../helpers/upstream-faults.ts'
import { reasoning, text } from '../helpers/upstream-plays.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

let world: FourProviders
beforeAll(async () => {
  world = await startFourProviders()
})
afterAll(() => world.close())
beforeEach(() => world.reset())
afterEach(async () => {
  await world.recorder.takeValid()
})

function modelAt(provider: ProviderName): string {
  return `${provider}/${models[provider]}`
}

const table = providerNames.flatMap((provider) =>
  scenarios
    .filter((scenario) => scenario.providers?.includes(provider) ?? true)
    .map((scenario) => [provider, scenario.name, scenario] as const),
)

function replyFor({ reply }: Scenario, dialect: Family): object {
  return 'openai' in reply ? (reply as Record<Family, object>)[dialect] : reply
}

function assertSeen(provider: ProviderName, scenario: Scenario): void {
  const { requests } = world.upstreams[provider]
  expect(requests).toHaveLength(1)
  const body = normalBody(family[provider], requests[0]?.body ?? {})
  expect(body).toMatchObject(scenario.seen[family[provider]])
}

describe('every scenario, whole', () => {
  test.each(table)('%s: %s', async (provider, _name, scenario) => {
    world.upstreams[provider].script(scenario.play)
    const reply = await world.client.chat.completions.create({ ...scenario.request, model: modelAt(provider) })
    assertSeen(provider, scenario)
    expect(reply).toMatchObject(replyFor(scenario, family[provider]))
  })
})

describe('every scenario, streamed', () => {
  test.each(table)('%s: %s', async (provider, _name, scenario) => {
    world.upstreams[provider].script(scenario.play)
    const stream = world.client.chat.completions.stream({
      ...scenario.request,
      model: modelAt(provider),
      stream_options: { include_usage: true },
    })
    const reply = await stream.finalChatCompletion()
    assertSeen(provider, scenario)
    expect(reply).toMatchObject(replyFor(scenario, family[provider]))
  })

  test.each(providerNames)('%s: usage is not told to those who did not ask', async (provider) => {
    const stream = await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
    const chunks = await allOf(stream)
    expect(chunks.every((chunk) => (chunk.usage ?? null) === null)).toBe(true)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Hello!')
  })
})

describe('reasoning text', () => {
  test.each(providerNames)('%s: whole', async (provider) => {
    world.upstreams[provider].script(reasoning('Let me think.', 'Done.'))
    const reply = await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [{ role: 'user', content: 'Hi' }],
      reasoning_effort: 'low',
    })
    expect(reply.choices[0]?.message).toMatchObject({ content: 'Done.', reasoning_content: 'Let me think.' })
  })

  test.each(providerNames)('%s: streamed, before the answer', async (provider) => {
    world.upstreams[provider].script(reasoning('Let me think.', 'Done.'))
    const stream = await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [{ role: 'user', content: 'Hi' }],
      reasoning_effort: 'low',
      stream: true,
    })
    const deltas = (await allOf(stream)).map((chunk) => chunk.choices[0]?.delta ?? {})
    const thoughts = deltas.map((delta) => ('reasoning_content' in delta ? String(delta.reasoning_content) : ''))
    expect(thoughts.join('')).toBe('Let me think.')
    const firstWord = deltas.findIndex((delta) => (delta.content ?? '') !== '')
    expect(firstWord).toBeGreaterThan(thoughts.findLastIndex((thought) => thought !== ''))
  })
})

test('anthropic: two choices cannot be had, and that is said', async () => {
  const answer = world.client.chat.completions.create({
    model: modelAt('anthropic'),
    messages: [{ role: 'user', content: 'Hi' }],
    n: 2,
  })
  await expect(answer).rejects.toMatchObject({ status: 400, param: 'n' })
  expect(world.upstreams.anthropic.requests).toHaveLength(0)
})

/** Anthropic has no seed and the like: knobs are reported. */
test.each([{ seed: 7 }, { logprobs: true }, { presence_penalty: 1 }])(
  'anthropic: %j is reported in x-gateway-warnings',
  async (knob) => {
    const { data, response } = await world.client.chat.completions
      .create({ model: modelAt('anthropic'), messages: [{ role: 'user', content: 'Hi' }], ...knob })
      .withResponse()
    expect(data.choices).toHaveLength(1)
    expect(response.headers.get('x-gateway-warnings')).toContain(Object.keys(knob)[0])
  },
)

describe('finish reasons', () => {
  const words: [ProviderName, string, ChatCompletion.Choice['finish_reason']][] = [
    ['openai', 'stop', 'stop'],
    ['openai', 'length', 'length'],
    ['openai', 'content_filter', 'content_filter'],
    ['azure', 'content_filter', 'content_filter'],
    ['anthropic', 'end_turn', 'stop'],
    ['anthropic', 'stop_sequence', 'stop'],
    ['anthropic', 'pause_turn', 'stop'],
    ['anthropic', 'max_tokens', 'length'],
    ['anthropic', 'model_context_window_exceeded', 'length'],
    ['anthropic', 'refusal', 'content_filter'],
    ['google', 'STOP', 'stop'],
    ['google', 'MAX_TOKENS', 'length'],
    ...['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY'].map(
      (word): [ProviderName, string, 'content_filter'] => ['google', word, 'content_filter'],
    ),
  ]

  test.each(words)('%s says %s: %s, whole and streamed', async (provider, rawFinish, expected) => {
    world.upstreams[provider].script(text('Words', { rawFinish }), text('Words', { rawFinish }))
    const ask = { model: modelAt(provider), messages: [{ role: 'user' as const, content: 'Hi' }] }
    const whole = await world.client.chat.completions.create(ask)
    expect(whole.choices[0]).toMatchObject({ finish_reason: expected, message: { content: 'Words' } })
    const chunks = await allOf(await world.client.chat.completions.create({ ...ask, stream: true }))
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason ?? null).filter(Boolean)).toEqual([expected])
  })
})

describe('hanging up', () => {
  test.each(providerNames)('%s: the upstream is left at once when the client leaves a stream', async (provider) => {
    world.upstreams[provider].script(hangMidStream(4, { text: 'Begun and never finished.' }))
    const stream = await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
    })
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break
    expect(await world.upstreams[provider].requests[0]?.aborted).toBe(true)
  })

  test.each(providerNames)('%s: and when it leaves before any answer', async (provider) => {
    world.upstreams[provider].script(hangBeforeHeaders())
    const leave = new AbortController()
    const answer = world.client.chat.completions.create(
      { model: modelAt(provider), messages: [{ role: 'user', content: 'Hi' }] },
      { signal: leave.signal },
    )
    const asked = await world.upstreams[provider].received(0)
    leave.abort()
    await expect(answer).rejects.toThrow(/aborted/i)
    expect(await asked.aborted).toBe(true)
  })
})

test('the upstream is asked at its own address with its own key, not the client’s', async () => {
  for (const provider of providerNames) {
    await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [{ role: 'user', content: 'Hi' }],
    })
  }
  const asked = providerNames.map((provider) => world.upstreams[provider].requests[0])
  expect(asked.map((request) => request?.path)).toEqual([
    '/v1/chat/completions',
    '/v1/messages',
    '/v1beta/models/gemini-2.5-flash:generateContent',
    '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    '/openai/v1/chat/completions',
  ])
  const key = 'sk-upstream-secret-1234'
  expect(asked.map((request) => request?.headers)).toMatchObject([
    { authorization: `Bearer ${key}` },
    { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    { 'x-goog-api-key': key },
    { 'api-key': key },
    { 'api-key': key },
  ])
  expect(JSON.stringify(asked.map((request) => request?.headers))).not.toContain('not-needed')
})
