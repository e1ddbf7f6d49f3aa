import { zodResponseFormat } from 'openai/helpers/zod'
import type { ChatCompletionMessageParam, ChatCompletionToolChoiceOption } from 'openai/resources/chat/completions'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../../gateway/chat/json.ts'
import {
  type Family,
  family,
  type FourProviders,
  models,
  type ProviderName,
  providerNames,
  startFourProviders,
} from '../helpers/four-providers.ts'
import { normalBody } from '../helpers/normal-body.ts'
import { thinkingSignature } from '../helpers/upstream-anthropic.ts'
import { thoughtSignature } from '../helpers/upstream-gemini.ts'
import { answer, jsonOutput, text, toolCalls } from '../helpers/upstream-plays.ts'
import { weatherTool } from './scenarios-tools.ts'

let world: FourProviders
beforeAll(async () => {
  world = await startFourProviders()
})
afterAll(() => world.close())
beforeEach(() => world.reset())
afterEach(async () => {
  await world.recorder.takeValid()
})

const twoCalls = [
  { id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
  { id: 'call_b', name: 'weather', arguments: '{"city":"Rome, the eternal city"}' },
]
const question: ChatCompletionMessageParam = { role: 'user', content: 'Weather in Oslo and Rome?' }

function modelAt(provider: ProviderName): string {
  return `${provider}/${models[provider]}`
}

function seenBody(provider: ProviderName, index: number): JsonObject {
  return normalBody(family[provider], world.upstreams[provider].requests[index]?.body ?? {})
}

describe('parallel tool calls', () => {
  test.each(providerNames)('%s: streamed, put together by the SDK', async (provider) => {
    world.upstreams[provider].script(toolCalls(twoCalls))
    const stream = world.client.chat.completions.stream({
      model: modelAt(provider),
      messages: [question],
      tools: [weatherTool],
    })
    const fragments: { index: number; text: string }[] = []
    stream.on('tool_calls.function.arguments.delta', ({ index, arguments_delta }) =>
      fragments.push({ index, text: arguments_delta }),
    )
    const { choices } = await stream.finalChatCompletion()
    const calls = choices[0]?.message.tool_calls ?? []
    expect(choices[0]?.finish_reason).toBe('tool_calls')
    expect(calls.map((call) => call.type === 'function' && [call.function.name, call.function.arguments])).toEqual(
      twoCalls.map((call) => [call.name, call.arguments]),
    )
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
    expect([...new Set(fragments.map(({ index }) => index))]).toEqual([0, 1])
    // Gemini gives arguments whole; the others in pieces, and pieces they must stay.
    if (family[provider] !== 'gemini') expect(fragments.length).toBeGreaterThan(4)
  })

  test.each(providerNames)('%s: whole, in the order of the model', async (provider) => {
    world.upstreams[provider].script(toolCalls(twoCalls, { text: 'Let me look.' }))
    const { choices } = await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [question],
      tools: [weatherTool],
    })
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me look.',
        tool_calls: twoCalls.map(({ name, arguments: json }) => ({ function: { name, arguments: json } })),
      },
    })
  })

  test.each(providerNames)('%s: a call without arguments is an empty object', async (provider) => {
    world.upstreams[provider].script(toolCalls([{ id: 'call_a', name: 'clock', arguments: '{}' }]))
    const stream = world.client.chat.completions.stream({
      model: modelAt(provider),
      messages: [question],
      tools: [{ type: 'function', function: { name: 'clock' } }],
    })
    const call = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls?.[0]
    expect(call).toMatchObject({ function: { name: 'clock', arguments: '{}' } })
  })
})

test.each(providerNames)('%s: an answer of calls alone has null for content, not an empty text', async (provider) => {
  world.upstreams[provider].script(toolCalls(twoCalls))
  const { choices } = await world.client.chat.completions.create({
    model: modelAt(provider),
    messages: [question],
    tools: [weatherTool],
  })
  expect(choices[0]?.message.content).toBeNull()
})

describe('the whole round, run by the SDK', () => {
  test.each(providerNames)('%s: runTools', async (provider) => {
    const asked: string[] = []
    world.upstreams[provider].script(toolCalls(twoCalls), text('Snow, and sun.'))
    const runner = world.client.chat.completions.runTools({
      model: modelAt(provider),
      messages: [question],
      tools: [
        {
          type: 'function',
          function: {
            ...weatherTool.function,
            parameters: { ...weatherTool.function.parameters, required: ['city'] },
            parse: (json: string) => z.object({ city: z.string() }).parse(JSON.parse(json)),
            function: ({ city }: { city: string }) => {
              asked.push(city)
              return `fine in ${city}`
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('Snow, and sun.')
    expect(asked).toEqual(['Oslo', 'Rome, the eternal city'])
    const second = JSON.stringify(seenBody(provider, 1))
    expect(second).toContain('fine in Oslo')
    expect(second).toContain('fine in Rome')
  })
})

/** Signed thinking goes back byte-exact to where it came from, and nowhere else. */
describe('what a provider signed', () => {
  const ask = { messages: [question], tools: [weatherTool], reasoning_effort: 'low' as const }
  const signed = answer({ reasoning: 'Two cities.', toolCalls: twoCalls, finish: 'tool-calls' })
  const results: ChatCompletionMessageParam[] = ['call_a', 'call_b'].map((id) => ({
    role: 'tool',
    tool_call_id: id,
    content: 'fine',
  }))

  async function secondTurn(from: ProviderName, to: ProviderName): Promise<JsonObject> {
    world.upstreams[from].script(signed)
    const first = await world.client.chat.completions.create({ ...ask, model: modelAt(from) })
    const message = first.choices[0]?.message
    if (message === undefined) throw new Error('no message')
    // Gemini names no ids, so those the gateway made are the ones to answer.
    const answered = results.map((result, index) => ({
      ...result,
      tool_call_id: message.tool_calls?.[index]?.id ?? '',
    })) as ChatCompletionMessageParam[]
    await world.client.chat.completions.create({
      ...ask,
      model: modelAt(to),
      messages: [question, message, ...answered],
    })
    return seenBody(to, world.upstreams[to].requests.length - 1)
  }

  test('anthropic: the thinking block returns before the calls', async () => {
    expect(await secondTurn('anthropic', 'anthropic')).toMatchObject({
      messages: [
        {},
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Two cities.', signature: thinkingSignature },
            { type: 'tool_use', id: 'call_a' },
            { type: 'tool_use', id: 'call_b' },
          ],
        },
        { role: 'user' },
      ],
    })
  })

  test('google: the signature returns on the first call', async () => {
    const { contents } = (await secondTurn('google', 'google')) as { contents?: { parts: JsonObject[] }[] }
    const calls = (contents?.[1]?.parts ?? []).filter((part) => part['functionCall'] !== undefined)
    expect(calls.map((part) => part['thoughtSignature'])).toEqual([thoughtSignature, undefined])
  })

  test.each<[ProviderName, ProviderName, string]>([
    ['anthropic', 'google', thinkingSignature],
    ['google', 'anthropic', thoughtSignature],
  ])('%s -> %s: the signature is left out', async (from, to, signature) => {
    expect(JSON.stringify(await secondTurn(from, to))).not.toContain(signature)
  })

  test.each<[ProviderName, string]>([
    ['anthropic', thinkingSignature],
    ['google', thoughtSignature],
  ])('%s: the signature survives a stream put together by the SDK', async (provider, signature) => {
    world.upstreams[provider].script(signed)
    const stream = world.client.chat.completions.stream({ ...ask, model: modelAt(provider) })
    const message = (await stream.finalChatCompletion()).choices[0]?.message
    if (message === undefined) throw new Error('no message')
    const answered = results.map((result, index) => ({
      ...result,
      tool_call_id: message.tool_calls?.[index]?.id ?? '',
    })) as ChatCompletionMessageParam[]
    await world.client.chat.completions.create({
      ...ask,
      model: modelAt(provider),
      messages: [question, message, ...answered],
    })
    expect(JSON.stringify(seenBody(provider, 1))).toContain(signature)
  })
})

describe('tool_choice', () => {
  const named: ChatCompletionToolChoiceOption = { type: 'function', function: { name: 'weather' } }
  const table: [string, ChatCompletionToolChoiceOption, Record<Exclude<Family, 'openai'>, object>][] = [
    ['auto', 'auto', { anthropic: { type: 'auto' }, gemini: { mode: 'AUTO' } }],
    ['none', 'none', { anthropic: { type: 'none' }, gemini: { mode: 'NONE' } }],
    ['required', 'required', { anthropic: { type: 'any' }, gemini: { mode: 'ANY' } }],
    [
      'one by name',
      named,
      {
        anthropic: { type: 'tool', name: 'weather' },
        gemini: { mode: 'ANY', allowedFunctionNames: ['weather'] },
      },
    ],
  ]
  const cases = providerNames.flatMap((provider) => table.map((row) => [provider, ...row] as const))

  test.each(cases)('%s: %s', async (provider, _name, choice, expected) => {
    await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [question],
      tools: [weatherTool],
      tool_choice: choice,
    })
    const body = seenBody(provider, 0)
    const dialect = family[provider]
    if (dialect === 'openai') return expect(body['tool_choice']).toEqual(choice)
    if (dialect === 'anthropic') return expect(body['tool_choice']).toMatchObject(expected.anthropic)
    return expect(body).toMatchObject({ toolConfig: { functionCallingConfig: expected.gemini } })
  })

  test('parallel_tool_calls: false is disable_parallel_tool_use at Anthropic', async () => {
    await world.client.chat.completions.create({
      model: modelAt('anthropic'),
      messages: [question],
      tools: [weatherTool],
      parallel_tool_calls: false,
    })
    expect(seenBody('anthropic', 0)).toMatchObject({ tool_choice: { disable_parallel_tool_use: true } })
  })
})

describe('structured output', () => {
  const report = z.object({ city: z.string(), degrees: z.number() })

  test.each(providerNames)('%s: parse gives a value of the schema', async (provider) => {
    world.upstreams[provider].script(jsonOutput({ city: 'Oslo', degrees: -3 }))
    const reply = await world.client.chat.completions.parse({
      model: modelAt(provider),
      messages: [question],
      response_format: zodResponseFormat(report, 'report'),
    })
    expect(reply.choices[0]?.message.parsed).toEqual({ city: 'Oslo', degrees: -3 })
  })

  test.each(providerNames)('%s: parsed from a stream', async (provider) => {
    world.upstreams[provider].script(jsonOutput({ city: 'Oslo', degrees: -3 }))
    const stream = world.client.chat.completions.stream({
      model: modelAt(provider),
      messages: [question],
      response_format: zodResponseFormat(report, 'report'),
    })
    expect((await stream.finalChatCompletion()).choices[0]?.message.parsed).toEqual({ city: 'Oslo', degrees: -3 })
  })

  test.each<[ProviderName, object]>([
    ['openai', { response_format: { type: 'json_object' } }],
    ['google', { generationConfig: { responseMimeType: 'application/json' } }],
  ])('%s: json_object', async (provider, expected) => {
    world.upstreams[provider].script(jsonOutput({ any: 'thing' }))
    const reply = await world.client.chat.completions.create({
      model: modelAt(provider),
      messages: [{ role: 'user', content: 'Some JSON, please' }],
      response_format: { type: 'json_object' },
    })
    expect(seenBody(provider, 0)).toMatchObject(expected)
    expect(reply.choices[0]?.message.content).toBe('{"any":"thing"}')
  })
})
