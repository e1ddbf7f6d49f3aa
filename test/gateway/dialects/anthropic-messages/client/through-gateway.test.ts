import Anthropic from '@anthropic-ai/sdk'
import { afterEach, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../../../../helpers/in-process.ts'
import { chunk, FakeUpstream, usageChunk } from '../../../pipeline/stage.ts'

/** The official SDK before the whole gateway, behind which a provider speaks OpenAI's dialect and wants its thinking back (DeepSeek). */

const opened: TestGateway[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()))
})

const provider = { name: 'p', type: 'deepseek', apiKey: 'sk-x', baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0 }

const google = { name: 'g', type: 'google', apiKey: 'k', baseUrl: 'http://127.0.0.1:9/v1beta', maxRetries: 0 }

async function open(...plays: FakeUpstream['plays']): Promise<{ sdk: Anthropic; upstream: FakeUpstream }> {
  const upstream = new FakeUpstream(...plays)
  const gateway = await createTestGateway({ providers: [provider, google] }, { upstream })
  opened.push(gateway)
  const sdk = new Anthropic({
    apiKey: 'any',
    maxRetries: 0,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(url instanceof Request ? url.url : url)
      const headers = { ...Object.fromEntries(new Headers(init?.headers)), host: 'localhost' }
      const payload = typeof init?.body === 'string' ? init.body : ''
      const answer = await gateway.fastify.inject({ method: 'POST', url: pathname + search, headers, payload })
      const told = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)])
      return new Response(answer.body, { status: answer.statusCode, headers: told })
    },
  })
  return { sdk, upstream }
}

const ask = { model: 'p/deepseek-v4', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Weather?' }] }
const tools = [{ name: 'weather', input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } } }]

const piece = (index: number, call: object): object => chunk({ tool_calls: [{ index, ...call }] })
const begun = (index: number, name: string): object =>
  piece(index, { id: `call_${index}`, type: 'function', function: { name, arguments: '' } })
const args = (index: number, json: string): object => piece(index, { function: { arguments: json } })

describe('a turn with thinking and two calls', () => {
  const answer = [
    chunk({ reasoning_content: 'Hm.' }),
    begun(0, 'weather'),
    begun(1, 'weather'),
    args(0, '{"city":'),
    args(1, '{"city":"Ulm"}'),
    args(0, '"Bern"}'),
    chunk({}, 'tool_calls'),
    usageChunk,
    '[DONE]',
  ]

  test('streams, and comes back to its maker as it was', async () => {
    const { sdk, upstream } = await open(
      (flight) => flight.stream(...answer).end(),
      (flight) => flight.stream(chunk('Sunny.'), chunk({}, 'stop'), usageChunk, '[DONE]').end(),
    )
    const said = await sdk.messages.stream({ ...ask, tools }).finalMessage()
    expect(said).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'tool_use', id: 'call_0', name: 'weather', input: { city: 'Bern' } },
        { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Ulm' } },
      ],
      usage: { input_tokens: 10, output_tokens: 5 },
    })
    const results = ['call_0', 'call_1'].map((id) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: `result of ${id}`,
    }))
    const messages = [
      ...ask.messages,
      { role: 'assistant' as const, content: said.content },
      { role: 'user' as const, content: results },
    ]
    const last = await sdk.messages.stream({ ...ask, tools, messages }).finalText()
    expect(last).toBe('Sunny.')
    expect(upstream.last.body['messages']).toEqual([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm.',
        tool_calls: [
          { id: 'call_0', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
          { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Ulm"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_0', content: 'result of call_0' },
      { role: 'tool', tool_call_id: 'call_1', content: 'result of call_1' },
    ])
  })

  test('thinking that Claude Code does not want to see comes back all the same', async () => {
    const { sdk, upstream } = await open(
      (flight) => flight.stream(...answer).end(),
      (flight) => flight.stream(chunk('Sunny.'), chunk({}, 'stop'), '[DONE]').end(),
    )
    const thinking = { type: 'adaptive' as const, display: 'omitted' as const }
    const said = await sdk.messages.stream({ ...ask, tools, thinking }).finalMessage()
    expect(said.content[0]).toMatchObject({ type: 'thinking', thinking: '' })
    const messages = [...ask.messages, { role: 'assistant' as const, content: said.content }, ...ask.messages]
    await sdk.messages.stream({ ...ask, tools, thinking, messages }).done()
    expect(upstream.last.body['messages']).toMatchObject([{}, { reasoning_content: 'Hm.' }, {}])
  })
})

test("Gemini's signature of a call comes back with the call", async () => {
  const functionCall = { name: 'weather', args: { city: 'Bern' } }
  const parts = [
    { text: 'Hm.', thought: true },
    { functionCall, thoughtSignature: 'c2ln' },
  ]
  const { sdk, upstream } = await open(
    (flight) => flight.stream({ candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }] }).end(),
    (flight) =>
      flight
        .stream({ candidates: [{ content: { role: 'model', parts: [{ text: 'Sunny.' }] }, finishReason: 'STOP' }] })
        .end(),
  )
  const gemini = { ...ask, model: 'g/gemini-3-pro', tools }
  const said = await sdk.messages.stream(gemini).finalMessage()
  expect(said.content.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'tool_use'])
  const id = said.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))[0] ?? ''
  const messages = [
    ...ask.messages,
    { role: 'assistant' as const, content: said.content },
    { role: 'user' as const, content: [{ type: 'tool_result' as const, tool_use_id: id, content: 'sunny' }] },
  ]
  expect(await sdk.messages.stream({ ...gemini, messages }).finalText()).toBe('Sunny.')
  expect(upstream.last.body['contents']).toMatchObject([
    {},
    { role: 'model', parts: [{ functionCall, thoughtSignature: 'c2ln' }] },
    { parts: [{ functionResponse: { name: 'weather' } }] },
  ])
})

test('a whole answer', async () => {
  const completion = {
    id: 'chatcmpl-1',
    model: 'gpt',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'length' }],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11, prompt_tokens_details: { cached_tokens: 4 } },
  }
  const { sdk } = await open((flight) => flight.json(completion))
  expect(await sdk.messages.create({ ...ask, system: 'Be kind.' })).toMatchObject({
    type: 'message',
    content: [{ type: 'text', text: 'Hello!' }],
    stop_reason: 'max_tokens',
    usage: { input_tokens: 5, cache_read_input_tokens: 4, output_tokens: 2 },
  })
})

describe('errors', () => {
  test("the provider's", async () => {
    const error = { message: 'No such model.', type: 'invalid_request_error', code: 'model_not_found' }
    const { sdk } = await open((flight) => flight.json({ error }, 404))
    const failure: unknown = await sdk.messages.create(ask).catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(Anthropic.NotFoundError)
    expect(failure).toMatchObject({ type: 'not_found_error', requestID: expect.stringMatching(/./) })
  })

  test("the gateway's", async () => {
    const { sdk } = await open()
    const failure: unknown = await sdk.messages.create({ ...ask, messages: [] }).catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError)
    expect(failure).toMatchObject({ type: 'invalid_request_error' })
  })

  test('in the middle of a stream', async () => {
    const { sdk } = await open((flight) => flight.stream(chunk('Hel')).end())
    const failure: unknown = await sdk.messages
      .stream(ask)
      .finalMessage()
      .catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(Anthropic.APIError)
    expect(failure).toMatchObject({ type: 'api_error' })
  })
})

test('tokens are counted here where the provider cannot', async () => {
  const { sdk, upstream } = await open()
  const { input_tokens: counted } = await sdk.messages.countTokens({ model: 'p/deepseek-v4', messages: ask.messages })
  expect(counted).toBe(5)
  expect(upstream.flights.filter(({ request }) => request.method === 'POST')).toEqual([])
})
