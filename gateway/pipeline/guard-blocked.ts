import { GatewayError } from '../errors.ts'
import type { GuardMatch, GuardSide } from '../guards/guard.ts'

/** Says which guard and what kind of thing, never what it was. */
export function blockedError({ guard, detector }: GuardMatch, side: GuardSide): GatewayError {
  const what = side === 'request' ? 'Your request was not sent' : 'The answer was withheld'
  const advice = side === 'request' ? 'Take it out' : 'Ask for something else'
  const where = side === 'request' ? 'in it' : 'in the answer'
  const text = `${what}: the guard "${guard.name}" found what looks like ${detector.name} (${guard.check}) ${where}. ${advice}, or change the guard (guards in the configuration).`
  return new GatewayError('guard_blocked', text)
}
