import type { GuardFinding } from '../stores/ledger.ts'
import type { GuardMatch, GuardSide } from './guard.ts'

/** What was found in one call so far, by guard and detector: numbers, never what it was. */
export class Findings {
  readonly #side: GuardSide
  readonly #byGuard = new Map<string, GuardFinding>()

  constructor(side: GuardSide) {
    this.#side = side
  }

  readonly add = ({ guard: { name, check, action }, detector }: GuardMatch): void => {
    let finding = this.#byGuard.get(name)
    if (finding === undefined) {
      finding = { guard: name, check, on: this.#side, action, found: {} }
      this.#byGuard.set(name, finding)
    }
    finding.found[detector.name] = (finding.found[detector.name] ?? 0) + 1
  }

  list(): GuardFinding[] {
    return [...this.#byGuard.values()]
  }
}

/** `pii:email,phone; keys:jwt`: the header `x-gateway-guard`. Of guards that only log nothing is told. */
export function flagText(findings: readonly GuardFinding[]): string | undefined {
  const told = findings.filter(({ action }) => action !== 'log')
  if (told.length === 0) return undefined
  const byGuard = new Map<string, Set<string>>()
  for (const { guard, found } of told) {
    byGuard.set(guard, new Set([...(byGuard.get(guard) ?? []), ...Object.keys(found)]))
  }
  return [...byGuard].map(([guard, names]) => `${guard}:${[...names].join(',')}`).join('; ')
}
