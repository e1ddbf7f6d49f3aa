import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../../../gateway/chat/event.ts'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../gateway/dialects/openai-chat/provider/decode-stream.ts'
import { delta, head, reply, whole } from './decoding.ts'

describe('broken streams', () => {
  test('no finish and no [DONE]', () => {
    expect(reply(delta({ content: 'a' })).error).toMatchObject({
      code: 'stream_truncated',
      status: 502,
      retryable: true,
    })
  })

  test('one of two choices does not finish', () => {
    expect(
      reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [{ index: 1, delta: { content: 'b' } }] }).error?.code,
    ).toBe('stream_truncated')
  })

  test('an end without finish but with [DONE] is a stop', () => {
    expect(reply(delta({ content: 'a' }), '[DONE]').choices[0]?.finish).toEqual({ unified: 'stop' })
  })

  test('an end with finish but without [DONE] is complete', () => {
    expect(reply(delta({ content: 'a' }, 'stop')).error).toBeUndefined()
  })

  test('cut inside the last event', () => {
    expect(reply(delta({ content: 'a' }), '{"id":"chatc').error?.code).toBe('stream_truncated')
  })

  test('garbage in the middle', () => {
    const { error, choices } = reply(delta({ content: 'a' }), '{"id":', delta({ content: 'b' }), '[DONE]')
    expect(error?.code).toBe('upstream_invalid_response')
    expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'a' }])
  })

  test('nothing but [DONE]', () => {
    expect(reply('[DONE]').error).toMatchObject({ code: 'upstream_empty_response', retryable: true })
  })

  test('empty data lines mean nothing', () => {
    expect(reply('', delta({ content: 'a' }, 'stop'), '', '[DONE]').error).toBeUndefined()
  })

  const errors: [name: string, chunk: JsonObject, expected: object][] = [
    [
      'OpenAI',
      { error: { message: 'm', type: 'server_error', param: null, code: null } },
      { message: 'm', type: 'server_error', status: 500, retryable: true },
    ],
    [
      'quota',
      { error: { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' } },
      { code: 'insufficient_quota', status: 429, retryable: false },
    ],
    [
      'rate limit',
      { error: { message: 'm', code: 'rate_limit_exceeded' } },
      { code: 'rate_limit_exceeded', status: 429, retryable: true },
    ],
    [
      'OpenRouter, numeric code and usage',
      {
        ...delta({ content: '' }, 'error'),
        error: { code: 502, message: 'Provider returned error', metadata: { raw: 'down' } },
        usage: { prompt_tokens: 1, completion_tokens: 0 },
      },
      { message: 'Provider returned error: down', status: 502, retryable: true },
    ],
    [
      'vLLM',
      { object: 'error', error: { message: 'm', type: 'BadRequestError', code: 400 } },
      { type: 'BadRequestError', status: 400, retryable: false },
    ],
    [
      'Groq',
      { error: { message: 'm', type: 'invalid_request_error', code: 'tool_use_failed', status_code: 400 } },
      { code: 'tool_use_failed', status: 400, retryable: false },
    ],
    ['text alone', { error: 'boom' }, { message: 'boom', status: 502, retryable: true }],
    [
      'in a choice',
      { ...head, choices: [{ index: 0, delta: {}, error: { code: 429, message: 'm' } }] },
      { status: 429, retryable: true },
    ],
    ['no words', { error: {} }, { message: 'The provider reported an error in its answer.', status: 502 }],
  ]

  test.each(errors)('error inside a 200: %s', (_, chunk, expected) => {
    const { error, choices } = reply(delta({ content: 'a' }), chunk, delta({ content: 'b' }), '[DONE]')
    expect(error).toMatchObject(expected)
    expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'a' }])
    expect(whole(chunk).error).toMatchObject(expected)
  })

  test('an SSE event named error', () => {
    const events: ChatEvent[] = []
    decodeStream((event) => events.push(event)).event('error', '{"message":"m","type":"overloaded_error"}')
    expect(events).toEqual([
      { type: 'error', error: { message: 'm', type: 'overloaded_error', status: 503, retryable: true } },
    ])
  })

  test.each<Json>(['text', null, []])('a whole answer that is %j', (body) => {
    expect(whole(body).error?.code).toBe('upstream_invalid_response')
  })

  test('a whole answer without choices', () => {
    expect(whole({ ...head, choices: [] }).error?.code).toBe('upstream_empty_response')
  })
})
