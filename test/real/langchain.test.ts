import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { allOf } from '../helpers/all-of.ts'
import {
  type FourProviders,
  models,
  type ProviderName,
  providerNames,
  startFourProviders,
} from '../helpers/four-providers.ts'
import { status } from '../helpers/upstream-faults.ts'
import { embeddingOf } from '../helpers/upstream-lists.ts'
import { jsonOutput, text, toolCalls } from '../helpers/upstream-plays.ts'

let world: FourProviders
beforeAll(async () => {
  world = await startFourProviders()
})
afterAll(() => world.close())
beforeEach(() => world.reset())
afterEach(async () => {
  await world.recorder.takeValid()
})

function chat(provider: ProviderName, model = models[provider]): ChatOpenAI {
  return new ChatOpenAI({
    model: `${provider}/${model}`,
    apiKey: 'not-needed',
    maxRetries: 0,
    configuration: { baseURL: `${world.gateway.url}/v1`, fetch: world.recorder.fetch },
  })
}

const weather = tool(({ city }: { city: string }) => `fine in ${city}`, {
  name: 'weather',
  description: 'Tells the weather.',
  schema: z.object({ city: z.string() }),
})

describe.each(providerNames)('%s', (provider) => {
  test('invoke', async () => {
    world.upstreams[provider].script(text('Grüße 👋', { usage: { input: 12, output: 7 } }))
    const reply = await chat(provider).invoke([new SystemMessage('Be brief.'), new HumanMessage('Hi')])
    expect(reply.content).toBe('Grüße 👋')
    expect(reply.usage_metadata).toMatchObject({ input_tokens: 12, output_tokens: 7, total_tokens: 19 })
  })

  test('stream', async () => {
    world.upstreams[provider].script(text('One piece after another.', { usage: { input: 12, output: 7 } }))
    const chunks = await allOf(await chat(provider).stream('Hi'))
    expect(chunks.length).toBeGreaterThan(3)
    const whole = chunks.reduce((left, right) => left.concat(right))
    expect(whole.content).toBe('One piece after another.')
    expect(whole.usage_metadata).toMatchObject({ input_tokens: 12, output_tokens: 7 })
  })

  test('bindTools: call, result, answer', async () => {
    world.upstreams[provider].script(
      toolCalls([{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }]),
      text('Fine.'),
    )
    const model = chat(provider).bindTools([weather])
    const question = new HumanMessage('Weather in Oslo?')
    const first = await model.invoke([question])
    const [call] = first.tool_calls ?? []
    expect(call).toMatchObject({ name: 'weather', args: { city: 'Oslo' } })
    const result = new ToolMessage({ content: await weather.invoke({ city: 'Oslo' }), tool_call_id: call?.id ?? '' })
    const second = await model.invoke([question, first, result])
    expect(second.content).toBe('Fine.')
    expect(world.upstreams[provider].requests[1]?.text).toContain('fine in Oslo')
  })

  test('bindTools, streamed', async () => {
    world.upstreams[provider].script(toolCalls([{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }]))
    const chunks = await allOf(await chat(provider).bindTools([weather]).stream('Weather in Oslo?'))
    const whole = chunks.reduce((left, right) => left.concat(right))
    expect(whole.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Oslo' } }])
  })

  test.each(['jsonSchema', 'functionCalling'] as const)('withStructuredOutput by %s', async (method) => {
    const answer = { city: 'Oslo', degrees: -3 }
    world.upstreams[provider].script(
      method === 'jsonSchema'
        ? jsonOutput(answer)
        : toolCalls([{ id: 'call_1', name: 'report', arguments: JSON.stringify(answer) }]),
    )
    const schema = z.object({ city: z.string(), degrees: z.number() })
    const reply = await chat(provider).withStructuredOutput(schema, { name: 'report', method }).invoke('Weather?')
    expect(reply).toEqual(answer)
  })

  test('an error', async () => {
    world.upstreams[provider].script(status(401, { message: 'No such key.' }))
    await expect(chat(provider, 'langchain-401').invoke('Hi')).rejects.toThrow(/No such key\./)
  })
})

test('a conversation that LangChain keeps goes on at another provider', async () => {
  const history = [new HumanMessage('Hi'), new AIMessage('Hello!'), new HumanMessage('And now?')]
  world.upstreams.anthropic.script(text('Now this.'))
  expect((await chat('anthropic').invoke(history)).content).toBe('Now this.')
})

test('OpenAIEmbeddings', async () => {
  const embeddings = new OpenAIEmbeddings({
    model: 'openai/text-embedding-3-small',
    apiKey: 'not-needed',
    maxRetries: 0,
    configuration: { baseURL: `${world.gateway.url}/v1`, fetch: world.recorder.fetch },
  })
  expect(await embeddings.embedDocuments(['one', 'two'])).toEqual([embeddingOf(0), embeddingOf(1)])
  expect(await embeddings.embedQuery('one')).toEqual(embeddingOf(0))
})
