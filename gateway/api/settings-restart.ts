import { isDeepStrictEqual } from 'node:util'
import { valueAt, type ConfigPath } from '../config/path.ts'
import type { Config } from '../config/schema.ts'

/** What is taken up when the process starts: changed later, it waits for the next start. */
const startOnly: readonly ConfigPath[] = [
  ['server', 'host'],
  ['server', 'port'],
  ['server', 'readTimeout'],
  ['server', 'cors', 'enabled'],
  ['metrics'],
  ['network'],
  ['ledger', 'retention'],
  ['ledger', 'bodiesMaxSize'],
  ['logging'],
  ['telemetry'],
  ['cache', 'backend'],
  ['cache', 'redis'],
  ['rateLimit', 'backend'],
  ['budgets', 'backend'],
]

/** Which of them differ: `server.port`. */
export function needsRestart(before: Config, after: Config): string[] {
  return startOnly
    .filter((path) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)))
    .map((path) => path.join('.'))
}

export function countsOnlyAtStart(path: ConfigPath): boolean {
  return startOnly.some((start) => start.every((segment, index) => path[index] === segment))
}
