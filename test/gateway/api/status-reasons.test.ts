import { expect, test } from 'vitest'
import { statusReasons } from '../../../gateway/api/status-reasons.ts'
import { createBreaker } from '../../../gateway/pipeline/breaker.ts'
import { createProviderHealth } from '../../../gateway/pipeline/health.ts'
import { anAttempt, provider, target } from '../pipeline/stage.ts'

const now = 10_000_000

function reasonsAfter(failures: number, { at = now, problem = undefined as string | undefined } = {}): string[] {
  const subject = problem === undefined ? provider() : { ...provider(), problem }
  const health = createProviderHealth(() => at)
  for (let index = 0; index < failures; index += 1) {
    health.record(anAttempt({ outcome: 'error', status: 500, errorCode: 'server_error', target: target({}, subject) }))
  }
  return statusReasons({
    providers: [subject],
    health,
    breaker: createBreaker(
      () => 0,
      () => undefined,
    ),
    now,
    ledgerProblem: undefined,
  })
}

const rows: [string, string[], string[]][] = [
  ['nothing happened', reasonsAfter(0), []],
  ['a failure now and then', reasonsAfter(4), []],
  ['down', reasonsAfter(5), ['p: the last 5 attempts failed (last: HTTP 500, server_error)']],
  ['down, but nobody asked for long', reasonsAfter(5, { at: now - 16 * 60_000 }), []],
  ['without a key', reasonsAfter(0, { problem: 'no API key' }), ['p: no API key']],
]
test.each(rows)('%s', (_, reasons, expected) => {
  expect(reasons).toEqual(expected)
})

test('a ledger that cannot write comes first', () => {
  const ports = {
    providers: [],
    health: createProviderHealth(() => 0),
    breaker: createBreaker(
      () => 0,
      () => undefined,
    ),
  }
  expect(statusReasons({ ...ports, now, ledgerProblem: 'The ledger cannot be written: disk full' })).toEqual([
    'The ledger cannot be written: disk full',
  ])
})
