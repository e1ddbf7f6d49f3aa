import { ExportResultCode } from '@opentelemetry/core'
import { expect, test } from 'vitest'
import type { Log } from '../../../gateway/telemetry/log.ts'
import { watchExports } from '../../../gateway/telemetry/otel-export.ts'

const good = { code: ExportResultCode.SUCCESS }
const failed = (error?: Error): { code: ExportResultCode; error?: Error } => ({
  code: ExportResultCode.FAILED,
  ...(error !== undefined && { error }),
})

function watch() {
  const lines: [level: string, fields: object, message: string][] = []
  const level = (name: string) => (fields: object, message: string) => void lines.push([name, fields, message])
  const log: Log = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
    child: () => log,
  }
  return { lines, watched: watchExports('traces', 'http://c.example', log) }
}

test('one line when it fails, one when it is well again, each time', () => {
  const { lines, watched } = watch()
  const say = (result: { code: ExportResultCode }): void => watched.report(result, 3)
  for (const result of [good, failed(), failed(), good, good, failed()]) say(result)
  expect(lines.map(([level, , message]) => [level, message.slice(0, 24)])).toEqual([
    ['warn', 'telemetry cannot be sent'],
    ['info', 'telemetry is taken again'],
    ['warn', 'telemetry cannot be sent'],
  ])
  expect(lines[1]?.[1]).toEqual({ signal: 'traces', endpoint: 'http://c.example', failed: 2, lost: 6 })
  expect(watched.isFailing()).toBe(true)
})

test.each([
  [undefined, 'no reason given'],
  [Object.assign(new Error('a body that quotes a key'), { code: 401 }), 'it answered with HTTP 401'],
  [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new Error('Request timed out'), 'Request timed out'],
])('the reason: %s', (error, reason) => {
  const { lines, watched } = watch()
  watched.report(failed(error), 1)
  expect(lines[0]?.[1]).toMatchObject({ reason })
})
