import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GatewayError } from '../../../../gateway/errors.ts'
import { ArrivingBody } from '../../../../gateway/pipeline/forward/arriving-body.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function open(limit = 1000): { source: PassThrough; body: ArrivingBody; controller: AbortController } {
  const source = new PassThrough({ highWaterMark: 10 })
  const controller = new AbortController()
  return { source, controller, body: new ArrivingBody(source, { limit, idleMs: 5000, signal: controller.signal }) }
}

test('piece by piece, then the end', async () => {
  const { source, body } = open()
  source.write('ab')
  source.write('cd')
  source.end()
  expect(String(await body.read())).toBe('ab')
  expect(String(await body.read())).toBe('cd')
  expect(await body.read()).toBeUndefined()
  expect(await body.read()).toBeUndefined()
})

test('nobody reads: the source is not drained', async () => {
  const { source, body } = open()
  source.write('a')
  await body.read()
  while (source.write('0123456789'));
  await new Promise((resolve) => setImmediate(resolve))
  expect(source.writableNeedDrain).toBe(true)
})

test('too large', async () => {
  const { source, body } = open(3)
  source.write('abcd')
  await expect(body.read()).rejects.toMatchObject({ code: 'body_too_large' })
})

test('silence', async () => {
  const { body } = open()
  const reading = expect(body.read()).rejects.toMatchObject({ code: 'request_timeout', message: /5 s/ })
  await vi.advanceTimersByTimeAsync(5000)
  await reading
})

test('the call is over', async () => {
  const { body, controller } = open()
  const reading = expect(body.read()).rejects.toMatchObject({ code: 'request_timeout', message: 'late' })
  controller.abort(new GatewayError('request_timeout', 'late'))
  await reading
  const early = new ArrivingBody(new PassThrough(), { limit: 1, idleMs: 1, signal: AbortSignal.abort() })
  await expect(early.read()).rejects.toMatchObject({ code: 'client_closed_request' })
})

test('a client that hangs up', async () => {
  const { source, body } = open()
  const reading = expect(body.read()).rejects.toMatchObject({ code: 'client_closed_request' })
  source.destroy()
  await reading
})

test('what nobody wants any more is let pass', async () => {
  const { source, body } = open(3)
  body.discard()
  source.write('x'.repeat(100))
  source.end()
  await new Promise((resolve) => source.once('end', resolve))
  expect(await body.read()).toBeUndefined()
})
