import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { seal } from '../../../gateway/chat/seal.ts'
import type { Target } from '../../../gateway/pipeline/call.ts'
import { prepare } from '../../../gateway/pipeline/prepare.ts'
import { call, dialect, hello, provider, target } from './stage.ts'

const untouched = (request: never): Promise<never> => Promise.resolve(request)

async function sent(body: JsonObject | string, to: Target = target()) {
  const { body: bytes, ...rest } = await prepare(call(body), to, untouched as never)
  return { ...rest, text: bytes.toString('utf8'), json: JSON.parse(bytes.toString('utf8')) as JsonObject }
}

describe('pass-through', () => {
  test('nothing to change: the client’s very bytes', async () => {
    const text =
      '{ "messages" : [ {"role":"user","content":"é"} ], "model":"m", "seed": 12345678901234567890, "new": [1.0] }'
    expect((await sent(text)).text).toBe(text)
  })

  test('the model’s name is changed where it is, all else stays', async () => {
    const text = '{"messages": [ ],"model": "fast","seed":12345678901234567890}'
    expect((await sent(text, target({ model: 'gpt-4o' }))).text).toBe(
      '{"messages": [ ],"model":"gpt-4o","seed":12345678901234567890}',
    )
  })

  test('our own extension stays here', async () => {
    expect((await sent({ ...hello, 'x-gateway': { cache: false } })).json).toEqual(hello)
  })

  const streams: [what: string, given: JsonObject | undefined, asked: JsonObject][] = [
    ['usage is asked for', undefined, { include_usage: true }],
    ['it is there already', { include_usage: true }, { include_usage: true }],
    ['it was declined', { include_usage: false }, { include_usage: true }],
    ['other options stay', { include_obfuscation: false }, { include_obfuscation: false, include_usage: true }],
  ]
  test.each(streams)('a stream: %s', async (_what, given, asked) => {
    const body = { ...hello, stream: true, ...(given === undefined ? {} : { stream_options: given }) }
    expect((await sent(body)).json['stream_options']).toEqual(asked)
  })

  test('a whole answer brings its usage unasked', async () => {
    expect((await sent(hello)).json).not.toHaveProperty('stream_options')
  })

  test('quirks of the provider, and what they cost is told', async () => {
    const mistral = target({}, provider({ name: 'mi', type: 'mistral', baseUrl: 'http://127.0.0.1:9/v1' }))
    const { json, warnings } = await sent({ ...hello, max_completion_tokens: 5, store: true, stream: true }, mistral)
    expect(json).toMatchObject({ max_tokens: 5 })
    expect(json).not.toHaveProperty('max_completion_tokens')
    expect(json).not.toHaveProperty('store')
    expect(warnings).toContainEqual({ feature: 'store', reason: 'not taken by mi' })
  })

  test('headers: ours, the client’s that may pass, the endpoint’s last', async () => {
    const of = call(hello, { headers: { 'openai-beta': 'x', cookie: 'no', authorization: 'Bearer client-key' } })
    const to = target({}, provider({ headers: { 'X-Title': 'mine' } }))
    const { headers, path } = await prepare(of, to, untouched as never)
    expect(headers).toEqual({
      'content-type': 'application/json',
      accept: 'application/json',
      'openai-beta': 'x',
      authorization: 'Bearer sk-secret-of-p',
      'x-title': 'mine',
    })
    expect(path).toBe('/v1/chat/completions')
  })

  test('Anthropic: the client’s version and betas, and the betas of the configuration', async () => {
    const an = provider({
      name: 'an',
      type: 'anthropic',
      baseUrl: 'http://127.0.0.1:9',
      headers: { 'Anthropic-Beta': 'mine' },
    })
    const of = call(hello, {
      dialect: dialect('anthropic-messages'),
      headers: {
        'anthropic-version': '2026-10-21',
        'anthropic-beta': 'a,b',
        'x-api-key': 'client-key',
        'x-title': 'T',
      },
    })
    const { headers } = await prepare(of, target({ dialect: dialect('anthropic-messages') }, an), untouched as never)
    expect(headers).toMatchObject({
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'a,b,mine',
      'x-api-key': 'sk-secret-of-p',
      'x-title': 'T',
    })
  })

  test('signed thinking that we handed out is opened for its maker', async () => {
    const unsealFor = (body: JsonObject, to: unknown) => ({ ...body, unsealed: to as JsonObject })
    const chat = dialect()
    const own = { ...chat, client: { ...chat.client, unsealFor } as never }
    const sealed = seal({ provider: 'p', model: 'm', signature: 's' })
    const body = { ...hello, model: 'fast', 'x-gateway': {}, thinking: sealed }
    const { body: bytes } = await prepare(call(body, { dialect: own }), target({ dialect: own }), untouched as never)
    expect(JSON.parse(bytes.toString('utf8'))).toEqual({
      ...hello,
      thinking: sealed,
      unsealed: { provider: 'p', model: 'm' },
    })
    const plain = await prepare(call(hello, { dialect: own }), target({ dialect: own }), untouched as never)
    expect(plain.body.toString('utf8')).not.toContain('unsealed')
  })

  test('Azure: the deployment in path and body', async () => {
    const azure = provider({
      name: 'az',
      type: 'azure',
      baseUrl: 'https://x.openai.azure.com',
      apiVersion: '2024-10-21',
      deployments: { m: 'my deploy' },
    })
    const { path, json } = await sent(hello, target({}, azure))
    expect(path).toBe('/openai/deployments/my%20deploy/chat/completions?api-version=2024-10-21')
    expect(json['model']).toBe('my deploy')
  })
})

describe('translation', () => {
  const anthropic = target(
    { dialect: dialect('anthropic-messages'), passThrough: false, model: 'claude-x' },
    provider({ name: 'an', type: 'anthropic', baseUrl: 'http://127.0.0.1:9' }),
  )

  test('into the provider’s dialect, with warnings for what is lost', async () => {
    const { json, path, headers, warnings } = await sent({ ...hello, logit_bias: { '1': 2 } }, anthropic)
    expect(path).toBe('/v1/messages')
    expect(headers).toMatchObject({ 'x-api-key': 'sk-secret-of-p', 'anthropic-version': expect.any(String) })
    expect(json).toMatchObject({ model: 'claude-x', messages: [{ role: 'user' }] })
    expect(warnings.map(({ feature }) => feature)).toContain('logit_bias')
  })

  test('media is fetched only for providers that do not fetch', async () => {
    const image = { type: 'image_url', image_url: { url: 'https://x.test/a.png' } }
    const body: JsonObject = { model: 'm', messages: [{ role: 'user', content: [image] }] }
    const fetched: string[] = []
    const inline = (to: string) => (request: never) => {
      fetched.push(to)
      return Promise.resolve(request)
    }
    const gemini = target(
      { dialect: dialect('gemini'), passThrough: false },
      provider({ type: 'google', baseUrl: 'http://127.0.0.1:9/v1beta' }),
    )
    await prepare(call(body), anthropic, inline('anthropic') as never)
    await prepare(call(body), gemini, inline('gemini') as never).catch(() => {})
    expect(fetched).toEqual(['gemini'])
  })
})

/** A conversation translated to each dialect. */
describe.each<[type: string]>([['anthropic'], ['google'], ['openai-compatible']])('to %s', (type) => {
  const to = (): Target => {
    const of = provider({
      name: 'p2',
      type,
      ...(type === 'openai-compatible' ? { baseUrl: 'http://127.0.0.1:9/v1' } : {}),
    })
    const [endpoint] = of.endpoints
    return target({ passThrough: false, dialect: dialect(endpoint?.dialect), ...(endpoint && { endpoint }) }, of)
  }

  test('two turns of one side, one of 200 000 parts, do not overflow the stack', async () => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'x' }))
    const messages = [
      { role: 'system', content },
      { role: 'user', content: 'x' },
      { role: 'user', content },
    ]
    expect((await sent({ model: 'm', messages }, to())).text.length).toBeGreaterThan(400_000)
  })

  test('arguments nested 20 000 deep are sent as text, or refused for what they are', async () => {
    const text = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const messages = [
      { role: 'user', content: 'x' },
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: text } }] },
      { role: 'tool', tool_call_id: 'c', content: 'x' },
    ]
    const code = await sent({ model: 'm', messages }, to()).then(
      () => 'sent',
      (error: { code?: string }) => error.code,
    )
    expect(['sent', 'invalid_request']).toContain(code)
  })
})
