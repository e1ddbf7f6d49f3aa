import { APIError, NotFoundError } from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allOf } from '../helpers/all-of.ts'
import { type FourProviders, startFourProviders } from '../helpers/four-providers.ts'
import { embeddingOf } from '../helpers/upstream-lists.ts'
import { text } from '../helpers/upstream-plays.ts'

/** Everything of OpenAI's surface that is not chat, and the gateway's own headers. */
let world: FourProviders
beforeAll(async () => {
  world = await startFourProviders({ cache: { enabled: true } })
})
afterAll(() => world.close())
beforeEach(() => world.reset())
afterEach(async () => {
  await world.recorder.takeValid()
})

describe('embeddings', () => {
  const cases = (['openai', 'azure', 'azure-v1'] as const).flatMap((provider) =>
    ([undefined, 'float', 'base64'] as const).map((format) => [provider, format] as const),
  )

  test.each(cases)('%s, encoding_format %s', async (provider, format) => {
    const { data, usage } = await world.client.embeddings.create({
      model: `${provider}/text-embedding-3-small`,
      input: ['one', `two for ${format}`],
      ...(format === undefined ? {} : { encoding_format: format }),
    })
    // Without a word the SDK asks for base64 and unpacks it itself.
    const sent = world.upstreams[provider].requests[0]?.body
    expect(sent).toMatchObject({ encoding_format: format ?? 'base64', input: ['one', `two for ${format}`] })
    const vectors = data.map(({ embedding }) => (typeof embedding === 'string' ? floats(embedding) : embedding))
    expect(vectors).toEqual([embeddingOf(0), embeddingOf(1)])
    expect(usage).toMatchObject({ prompt_tokens: 6, total_tokens: 6 })
  })

  test('a provider without embeddings says so', async () => {
    const error: unknown = await world.client.embeddings
      .create({ model: 'anthropic/claude-sonnet-4-5', input: 'x' })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({ status: 400, code: 'unsupported_operation' })
  })

  function floats(packed: string): number[] {
    return [...new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer)]
  }
})

describe('models', () => {
  test('the list has aliases and what providers list', async () => {
    const ids = (await allOf(world.client.models.list())).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['fast', 'gpt-4o', 'claude-sonnet-4-5', 'gemini-2.5-flash']))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each(['fast', 'gpt-4o', 'openai/gpt-4o'])('retrieve %s', async (id) => {
    expect(await world.client.models.retrieve(id)).toMatchObject({ id, object: 'model' })
  })

  test('one that is not there', async () => {
    await expect(world.client.models.retrieve('no-such-model')).rejects.toThrow(NotFoundError)
  })
})

describe('legacy completions', () => {
  test('whole and streamed', async () => {
    world.upstreams.openai.script(text('Once upon a time'), text('Once upon a time'))
    const ask = { model: 'openai/gpt-3.5-turbo-instruct', prompt: 'Tell me a story' }
    const whole = await world.client.completions.create(ask)
    expect(whole.choices[0]).toMatchObject({ text: 'Once upon a time', finish_reason: 'stop' })
    const chunks = await allOf(await world.client.completions.create({ ...ask, prompt: 'Another', stream: true }))
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe('Once upon a time')
    expect(world.upstreams.openai.requests.map(({ path }) => path)).toEqual(['/v1/completions', '/v1/completions'])
  })
})

describe('headers and cache', () => {
  const ask = { model: 'fast', messages: [{ role: 'user' as const, content: 'Is this cached?' }] }

  test('a second identical call is a hit that no provider sees, also as a stream', async () => {
    const first = await world.client.chat.completions.create(ask).withResponse()
    expect(Object.fromEntries(first.response.headers)).toMatchObject({
      'x-cache': 'MISS',
      'x-gateway-provider': 'openai',
      'x-gateway-model': 'gpt-4o',
      'x-gateway-attempts': '1',
      'x-gateway-request-id': expect.stringMatching(/./) as string,
      'x-gateway-cost': expect.stringMatching(/^\d/) as string,
    })
    const second = await world.client.chat.completions.create(ask).withResponse()
    expect(second.response.headers.get('x-cache')).toBe('HIT')
    expect(second.data.choices).toEqual(first.data.choices)
    const streamed = await world.client.chat.completions.create({ ...ask, stream: true }).withResponse()
    expect(streamed.response.headers.get('x-cache')).toBe('HIT')
    const words = (await allOf(streamed.data)).map((chunk) => chunk.choices[0]?.delta.content ?? '')
    expect(words.join('')).toBe('Hello!')
    expect(world.upstreams.openai.requests).toHaveLength(1)
  })

  test('x-gateway in the body: cache false goes around it, and never to the provider', async () => {
    const body = { ...ask, 'x-gateway': { cache: false, metadata: { feature: 'chat', user_id: 'u_1' } } }
    const { response } = await world.client.chat.completions.create(body).withResponse()
    expect(response.headers.get('x-cache')).toBe('BYPASS')
    expect(world.upstreams.openai.requests[0]?.text).not.toContain('x-gateway')
  })

  test('x-gateway-provider as a header', async () => {
    const { response } = await world.client.chat.completions
      .create(
        { ...ask, model: 'gpt-4o' },
        { headers: { 'x-gateway-provider': 'azure-v1', 'x-gateway-cache': 'false' } },
      )
      .withResponse()
    expect(response.headers.get('x-gateway-provider')).toBe('azure-v1')
    expect(world.upstreams['azure-v1'].requests[0]?.headers['x-gateway-provider']).toBeUndefined()
  })

  test('unknown members reach a provider of the same dialect untouched', async () => {
    const body = { ...ask, 'x-gateway': { cache: false }, prompt_cache_key: 'k', from_the_future: { deep: [1, null] } }
    await world.client.chat.completions.create(body)
    expect(world.upstreams.openai.requests[0]?.body).toMatchObject({
      model: 'gpt-4o',
      prompt_cache_key: 'k',
      from_the_future: { deep: [1, null] },
    })
  })
})
