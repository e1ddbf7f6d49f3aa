import { describe } from 'vitest'
import { describeApp, whyNoKeyring } from './helpers.ts'

/** Tests of the real app with a Secret Service of its own; skipped, with one line, where there can be none. */
export function describeWithKeyring(name: string, tests: () => void): void {
  if (whyNoKeyring === undefined) return describeApp(name, tests)
  console.log(`skipped: ${name}. It ${whyNoKeyring}`)
  describe.skip(name, tests)
}
