import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { createLog } from '../../../gateway/telemetry/log.ts'
import type { Log, LogSettings } from '../../../gateway/telemetry/log.ts'

const secret = 'configured-secret'

async function logTo(settings: Partial<LogSettings> = {}): Promise<{ log: Log; lines: string[] }> {
  const lines: string[] = []
  const log = await createLog({
    level: 'debug',
    format: 'json',
    write: (line) => lines.push(line),
    secrets: () => [secret],
    ...settings,
  })
  return { log, lines }
}

/** What one line says, without what every line has. */
async function written(fields: object, message = 'm'): Promise<Record<string, unknown>> {
  const { log, lines } = await logTo()
  log.info(fields, message)
  expect(lines).toHaveLength(1)
  const { time: _, pid: _1, level: _2, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  return rest
}

describe('json', () => {
  test('a line is an object with level, time, process and message, and no host', async () => {
    const { log, lines } = await logTo()
    log.warn({ callId: 'c' }, 'hello')
    expect(lines[0]).toMatch(/\n$/)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      pid: process.pid,
      callId: 'c',
      message: 'hello',
    })
  })

  const levels: [LogSettings['level'], string[]][] = [
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ]

  test.each(levels)('level %s', async (level, expected) => {
    const { log, lines } = await logTo({ level })
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, name)
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(expected)
  })

  test('a child has its fields on every line', async () => {
    const { log, lines } = await logTo()
    const child = log.child({ callId: 'c' }).child({ attempt: 2, apiKey: secret })
    child.info({ a: 1 }, 'm')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ callId: 'c', attempt: 2, apiKey: '[redacted]', a: 1 })
  })
})

describe('redaction', () => {
  const cases: [string, object, object][] = [
    ['headers go whole', { headers: { host: 'x', 'x-api-key': 'abc' } }, { headers: '[redacted]' }],
    [
      'headers of a request',
      { request: { url: '/v1', headers: { a: 'b' } } },
      { request: { url: '/v1', headers: '[redacted]' } },
    ],
    ['a key in another case', { AUTHORIZATION: 'Basic abc' }, { AUTHORIZATION: '[redacted]' }],
    ['two levels down', { b: { c: { apiKey: 'abc' } } }, { b: { c: { apiKey: '[redacted]' } } }],
    ['a secret in a value', { url: `https://x/?a=${secret}` }, { url: 'https://x/?a=[redacted]' }],
    ['a secret in a list', { list: [secret] }, { list: ['[redacted]'] }],
  ]

  test.each(cases)('%s', async (_, fields, expected) => {
    expect(await written(fields)).toEqual({ ...expected, message: 'm' })
  })

  test('a secret in the message', async () => {
    expect(await written({}, `key ${secret} and Bearer abcdefgh1`)).toEqual({
      message: 'key [redacted] and Bearer [redacted]',
    })
  })

  test('an error tells its type, code and causes, but not what hangs on them', async () => {
    const inner = Object.assign(new Error(`401 for ${secret}`), { code: 'ECODE', headers: { cookie: 'abc' } })
    const error = new GatewayError('upstream_error', 'it failed', { cause: inner, headers: { 'x-a': 'hidden' } })
    const line = await written({ error })
    expect(line).toMatchObject({
      error: {
        type: 'GatewayError',
        message: 'it failed',
        code: 'upstream_error',
        cause: { type: 'Error', message: '401 for [redacted]', code: 'ECODE' },
      },
    })
    expect(JSON.stringify(line)).not.toMatch(/abc|hidden|configured-secret/)
  })

  test('causes that go round end', async () => {
    const error = new Error('round')
    error.cause = error
    expect(await written({ error })).toMatchObject({ error: { message: 'round', cause: { message: 'round' } } })
  })
})

describe('console', () => {
  test('is for people, and scrubbed too', async () => {
    const { log, lines } = await logTo({ format: 'console' })
    log.info({ provider: 'openai', apiKey: secret }, `asked with ${secret}`)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: asked with \[redacted\] \{"provider":"openai","apiKey":"\[redacted\]"\}\n$/,
    )
  })
})
