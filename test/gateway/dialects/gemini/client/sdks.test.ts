import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { ApiError, GoogleGenAI, Type } from '@google/genai'
import { isStepCount, jsonSchema, streamText, tool } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asString, type JsonObject } from '../../../../../gateway/chat/json.ts'
import { createTestGateway, type TestGateway } from '../../../../helpers/in-process.ts'
import { chunk, completion, type FakeFlight, FakeUpstream, usageChunk } from '../../../pipeline/stage.ts'

/** Google's own SDK and the AI SDK, unmodified, before the gateway, and providers of other dialects behind it. */

const providers = [
  { name: 'o', type: 'openai', apiKey: 'sk-o', baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0, models: ['gpt'] },
  { name: 'a', type: 'anthropic', apiKey: 'sk-a', baseUrl: 'http://127.0.0.1:9', maxRetries: 0, models: ['claude'] },
]

let gateway: TestGateway
let upstream: FakeUpstream
let url: string
let ai: GoogleGenAI
beforeEach(async () => {
  upstream = new FakeUpstream()
  gateway = await createTestGateway({ providers }, { upstream })
  url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  ai = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: url } })
})
afterEach(() => gateway.close())

function play(...plays: ((flight: FakeFlight) => void)[]): void {
  upstream.plays.push(...plays)
}

function nameOf({ type }: JsonObject): string {
  return asString(type) ?? ''
}

/** A stream of Anthropic's: blocks as they begin, with what is added to each. */
function messages(
  stop: string,
  ...blocks: [begin: JsonObject, ...deltas: JsonObject[]][]
): (flight: FakeFlight) => void {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [] }
  const events: JsonObject[] = [
    { type: 'message_start', message: { ...message, usage: { input_tokens: 10, output_tokens: 1 } } },
    ...blocks.flatMap(([begin, ...deltas], index) => [
      { type: 'content_block_start', index, content_block: begin },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: stop }, usage: { output_tokens: 20 } },
    { type: 'message_stop' },
  ]
  const text = events.map((event) => `event: ${nameOf(event)}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  return (flight) => flight.head(200, { 'content-type': 'text/event-stream' }).data(text).end()
}

const thinking: [JsonObject, ...JsonObject[]] = [
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'thinking_delta', thinking: 'I should ' },
  { type: 'thinking_delta', thinking: 'add.' },
  { type: 'signature_delta', signature: 'SIGNED' },
]
const toolUse: [JsonObject, ...JsonObject[]] = [
  { type: 'tool_use', id: 'toolu_1', name: 'add', input: {} },
  { type: 'input_json_delta', partial_json: '{"a":1,' },
  { type: 'input_json_delta', partial_json: '"b":2}' },
]
const said: [JsonObject, ...JsonObject[]] = [
  { type: 'text', text: '' },
  { type: 'text_delta', text: 'Three.' },
]

const add = {
  name: 'add',
  description: 'Adds',
  parameters: { type: Type.OBJECT, properties: { a: { type: Type.INTEGER }, b: { type: Type.INTEGER } } },
}

/** Of the assistant's turn in a request to Anthropic. */
function assistantBlocks(flight: FakeFlight | undefined): unknown {
  const list = flight?.body['messages'] as { role: string; content: JsonObject[] }[]
  return list.find(({ role }) => role === 'assistant')?.content
}

describe('@google/genai', () => {
  test('whole', async () => {
    play((flight) => flight.json(completion('Hello!')))
    const reply = await ai.models.generateContent({ model: 'gpt', contents: 'Hi' })
    expect(reply.text).toBe('Hello!')
    expect(reply.candidates?.[0]?.finishReason).toBe('STOP')
    expect(reply.usageMetadata).toMatchObject({ promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 })
  })

  test('stream', async () => {
    play((flight) => flight.stream(chunk('Hel'), chunk('lo'), chunk({}, 'length'), usageChunk, '[DONE]').end())
    const texts: (string | undefined)[] = []
    let last
    for await (last of await ai.models.generateContentStream({ model: 'gpt', contents: 'Hi' })) texts.push(last.text)
    expect(texts).toEqual(['Hel', 'lo', ''])
    expect(last?.candidates?.[0]?.finishReason).toBe('MAX_TOKENS')
    expect(last?.usageMetadata?.totalTokenCount).toBe(15)
  })

  test('parallel calls keep their ids', async () => {
    const call = (index: number, id: string, text: string): JsonObject => ({
      tool_calls: [{ index, id, type: 'function', function: { name: 'add', arguments: text } }],
    })
    play(
      (flight) =>
        flight
          .stream(chunk(call(0, 'c1', '{"a":1}')), chunk(call(1, 'c2', '{"a":2}')), chunk({}, 'tool_calls'), '[DONE]')
          .end(),
      (flight) => flight.json(completion('Three.')),
    )
    const chat = ai.chats.create({ model: 'gpt', config: { tools: [{ functionDeclarations: [add] }] } })
    const calls = []
    for await (const each of await chat.sendMessageStream({ message: 'Add' })) calls.push(...(each.functionCalls ?? []))
    expect(calls).toEqual([
      { id: 'c1', name: 'add', args: { a: 1 } },
      { id: 'c2', name: 'add', args: { a: 2 } },
    ])
    const results = ['c2', 'c1'].map((id) => ({ functionResponse: { id, name: 'add', response: { output: id } } }))
    const reply = await chat.sendMessage({ message: results })
    expect(reply.text).toBe('Three.')
    expect(upstream.last.body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'c1' }, { id: 'c2' }] },
      { role: 'tool', tool_call_id: 'c2', content: 'c2' },
      { role: 'tool', tool_call_id: 'c1', content: 'c1' },
    ])
  })

  test.each([true, false])('signed thinking comes back to its maker, shown: %s', async (includeThoughts) => {
    play(messages('tool_use', thinking, toolUse), messages('end_turn', said))
    const config = {
      tools: [{ functionDeclarations: [add] }],
      thinkingConfig: { thinkingBudget: 2048, includeThoughts },
    }
    const chat = ai.chats.create({ model: 'claude', config })
    const thoughts: string[] = []
    for await (const each of await chat.sendMessageStream({ message: 'Add' })) {
      const parts = each.candidates?.[0]?.content?.parts ?? []
      thoughts.push(...parts.flatMap(({ text = '', thought }) => (thought === true ? [text] : [])))
    }
    expect(thoughts.join('')).toBe(includeThoughts ? 'I should add.' : '')
    const message = [{ functionResponse: { id: 'toolu_1', name: 'add', response: { output: '3' } } }]
    for await (const _ of await chat.sendMessageStream({ message })) continue
    expect(assistantBlocks(upstream.last)).toMatchObject([
      { type: 'thinking', thinking: 'I should add.', signature: 'SIGNED' },
      { type: 'tool_use', id: 'toolu_1', input: { a: 1, b: 2 } },
    ])
  })

  test('tokens', async () => {
    const { totalTokens } = await ai.models.countTokens({ model: 'gpt', contents: 'x'.repeat(400) })
    expect(totalTokens).toBeGreaterThan(99)
  })

  test('errors', async () => {
    await expect(ai.models.generateContent({ model: 'nobody-has-it', contents: 'Hi' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 404,
    })
    play((flight) => flight.json({ error: { message: 'Slow down', type: 'rate_limit_error' } }, 429))
    const refused = ai.models.generateContentStream({ model: 'gpt', contents: 'Hi' })
    await expect(refused).rejects.toThrow(ApiError)
    await expect(refused).rejects.toMatchObject({ status: 429, message: expect.stringContaining('Slow down') })
  })

  test('an error in the middle of a stream', async () => {
    play((flight) => flight.stream(chunk('Hel')).error(new Error('gone')))
    const texts: (string | undefined)[] = []
    const read = async (): Promise<void> => {
      for await (const each of await ai.models.generateContentStream({ model: 'gpt', contents: 'Hi' }))
        texts.push(each.text)
    }
    await expect(read()).rejects.toMatchObject({ name: 'ApiError', status: 502 })
    expect(texts).toEqual(['Hel'])
  })
})

describe('@ai-sdk/google', () => {
  test.each([true, false])('a loop of thinking and tools, thoughts shown: %s', async (includeThoughts) => {
    play(messages('tool_use', thinking, toolUse), messages('end_turn', said))
    const google = createGoogleGenerativeAI({ apiKey: 'k', baseURL: `${url}/v1beta` })
    const result = streamText({
      model: google('claude'),
      prompt: 'Add',
      maxRetries: 0,
      stopWhen: isStepCount(2),
      tools: {
        add: tool({
          inputSchema: jsonSchema<{ a: number; b: number }>({
            type: 'object',
            properties: { a: { type: 'integer' }, b: { type: 'integer' } },
          }),
          execute: async ({ a, b }) => a + b,
        }),
      },
      providerOptions: { google: { thinkingConfig: { thinkingBudget: 2048, includeThoughts } } },
    })
    expect(await result.text).toBe('Three.')
    const [first] = await result.steps
    expect(first?.reasoningText ?? '').toBe(includeThoughts ? 'I should add.' : '')
    expect(first?.toolCalls).toMatchObject([{ toolCallId: 'toolu_1', toolName: 'add', input: { a: 1, b: 2 } }])
    expect(await result.finishReason).toBe('stop')
    expect(first?.usage).toMatchObject({ inputTokens: 10, outputTokens: 20 })
    expect(assistantBlocks(upstream.last)).toMatchObject([
      { type: 'thinking', thinking: 'I should add.', signature: 'SIGNED' },
      { type: 'tool_use', id: 'toolu_1' },
    ])
  })
})
