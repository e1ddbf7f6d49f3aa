import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { call, dialect, hello } from '../pipeline/stage.ts'

describe('reads', () => {
  test('model, stream, options and headers', () => {
    const of = call(
      { ...hello, stream: true, stream_options: { include_usage: true }, 'x-gateway': { cache: false } },
      { headers: { authorization: 'Bearer t', 'openai-beta': 'b', 'x-gateway-timeout': '5s', cookie: 'c' } },
    )
    expect(of).toMatchObject({
      model: 'm',
      stream: true,
      includeUsage: true,
      options: { cache: false, timeoutMs: 5000 },
      token: 't',
      headers: {},
      dialectHeaders: { 'openai-beta': 'b' },
    })
    expect(of.headers).not.toHaveProperty('cookie')
    expect(of.dialectHeaders).not.toHaveProperty('cookie')
  })

  test.each([
    ['absent', {}, false],
    ['null', { stream: null }, false],
    ['false', { stream: false }, false],
    ['true', { stream: true }, true],
  ])('stream %s', (_what, more, stream) => {
    expect(call({ ...hello, ...more }).stream).toBe(stream)
  })

  test.each([
    [{ stream: true }, false],
    [{ stream: true, stream_options: null }, false],
    [{ stream: true, stream_options: { include_usage: false } }, false],
    [{ stream: true, stream_options: { include_usage: true } }, true],
    [{ stream_options: { include_usage: true } }, false],
  ])('usage wanted: %j', (more, wanted) => {
    expect(call({ ...hello, ...more }).includeUsage).toBe(wanted)
  })

  test('the body is parsed when asked for, and once', () => {
    const of = call('{"model":"m","seed":1}')
    expect(of.json()).toEqual({ model: 'm', seed: 1 })
    expect(of.json()).toBe(of.json())
  })

  test('a member named twice: the last one counts, as for every parser', () => {
    const of = call('{"model":"a","model":"b"}')
    expect(of.model).toBe('b')
    expect(of.json()).toEqual({ model: 'b' })
    expect(JSON.parse(of.members.bytes.toString())).toEqual({ model: 'b' })
  })

  test('a name as long as any', () => {
    expect(call({ model: 'x'.repeat(1000) }).model).toHaveLength(1000)
  })
})

describe('refuses', () => {
  const table: [body: string, code: string, param: string | undefined, message: RegExp][] = [
    ['', 'invalid_json', undefined, /^The request has no body; send a JSON object\.$/],
    ['{', 'invalid_json', undefined, /^The request body is not valid JSON: /],
    ['hello', 'invalid_json', undefined, /not valid JSON/],
    ['{"model":"m",}', 'invalid_json', undefined, /not valid JSON/],
    ['[]', 'invalid_json', undefined, /not a JSON object/],
    ['"m"', 'invalid_json', undefined, /not a JSON object/],
    ['null', 'invalid_json', undefined, /not a JSON object/],
    ['{}', 'invalid_request', 'model', /names no model: add "model"/],
    ['{"model":null}', 'invalid_request', 'model', /must be a string/],
    ['{"model":5}', 'invalid_request', 'model', /must be a string/],
    ['{"model":""}', 'invalid_request', 'model', /must be a string/],
    [`{"model":"${'x'.repeat(1001)}"}`, 'invalid_request', 'model', /1 to 1000 characters/],
    ['{"model":"m","stream":"true"}', 'invalid_request', 'stream', /must be true or false/],
    ['{"model":"m","stream":1}', 'invalid_request', 'stream', /must be true or false/],
    ['{"model":"m","x-gateway":{"cash":1}}', 'invalid_request', 'x-gateway', /no member "cash"/],
  ]
  test.each(table)('%s', (body, code, param, message) => {
    const error = refusal(() => call(body))
    expect(error).toMatchObject({ code, param, status: 400 })
    expect(error.message).toMatch(message)
  })

  test.each([
    ['{"model":"m","content":my secret text}'],
    ['my secret text'],
    ['{"content":"my secret text", oops}'],
    ['{"content":"my secret text"\n\n oops}'],
  ])('without quoting what was written: %j', (body) => {
    expect(refusal(() => call(body)).message).not.toMatch(/secret/)
  })

  test('what is malformed inside shows when it is read', () => {
    const of = call('{"model":"m","messages":[1,]}')
    expect(refusal(() => of.json())).toMatchObject({ code: 'invalid_json', status: 400 })
  })

  function refusal(act: () => unknown): GatewayError {
    try {
      act()
    } catch (error) {
      if (error instanceof GatewayError) return error
      throw error
    }
    throw new Error('was taken')
  }
})

test('of any dialect', () => {
  expect(call({ model: 'm', input: 'x' }, { dialect: dialect('openai-embeddings') }).dialect.id).toBe(
    'openai-embeddings',
  )
})

describe('nesting', () => {
  const nested = (levels: number): string => `{"model":"m","a":${'['.repeat(levels)}${']'.repeat(levels)}}`

  test('of 1,000 levels is taken', () => {
    expect(call(nested(1000)).model).toBe('m')
  })

  test.each([1001, 5000, 100_000])('of %i levels is refused, not failed on', (levels) => {
    expect(() => call(nested(levels))).toThrow('The request body is nested more than 1000 levels deep.')
  })

  test('inside strings counts for nothing', () => {
    expect(call({ model: 'm', a: '['.repeat(5000) }).model).toBe('m')
  })
})
