import { expect, test } from 'vitest'
import { summarise, summaryLine, type SummarisedModule } from './summary-reporter.ts'

interface Outline {
  tests?: string[]
  broken?: boolean
  brokenSuites?: number
}

function moduleOf({ tests = [], broken = false, brokenSuites = 0 }: Outline): SummarisedModule {
  return {
    errors: () => (broken ? [new Error('import')] : []),
    children: {
      allTests: () => tests.map((state) => ({ result: () => ({ state }) })),
      allSuites: () => Array.from({ length: brokenSuites }, () => ({ errors: () => [new Error('hook')] })),
    },
  }
}

test.each<[string, Outline[], number, string]>([
  ['nothing ran', [], 0, '0 passed, 0 failed, 0 skipped'],
  ['each state', [{ tests: ['passed', 'failed', 'skipped', 'passed'] }], 0, '2 passed, 1 failed, 1 skipped'],
  ['a test that was never reached', [{ tests: ['pending'] }], 0, '0 passed, 1 failed, 0 skipped'],
  ['a file that does not import', [{ broken: true }, { tests: ['passed'] }], 0, '1 passed, 1 failed, 0 skipped'],
  ['a hook that throws', [{ tests: ['skipped'], brokenSuites: 1 }], 0, '0 passed, 1 failed, 1 skipped'],
  ['an error nobody caught', [{ tests: ['passed'] }], 1, '1 passed, 1 failed, 0 skipped'],
])('%s', (_name, modules, unhandledErrors, line) => {
  expect(summaryLine(summarise(modules.map(moduleOf), unhandledErrors))).toBe(line)
})
