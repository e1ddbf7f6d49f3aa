import type { Reporter, TestModule } from 'vitest/node'

export interface RunSummary {
  passed: number
  failed: number
  skipped: number
}

/** The last line of a run in one fixed form, for whatever reads a log: `12 passed, 0 failed, 1 skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    console.log(summaryLine(summarise(modules, unhandledErrors.length)))
  }
}

/** What a summary needs to see of a test file. */
export interface SummarisedModule {
  errors(): readonly unknown[]
  children: {
    allTests(): Iterable<{ result(): { state: string } }>
    allSuites(): Iterable<{ errors(): readonly unknown[] }>
  }
}

/** A file or suite that breaks outside its tests counts as one failure, as does an error nobody caught. */
export function summarise(modules: readonly SummarisedModule[], unhandledErrors: number): RunSummary {
  const summary = { passed: 0, failed: unhandledErrors, skipped: 0 }
  for (const module of modules) {
    for (const broken of [module, ...module.children.allSuites()]) if (broken.errors().length > 0) summary.failed += 1
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      // `pending`: a run that was cut short never came to it, which is no success.
      summary[state === 'passed' || state === 'skipped' ? state : 'failed'] += 1
    }
  }
  return summary
}

export function summaryLine({ passed, failed, skipped }: RunSummary): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
