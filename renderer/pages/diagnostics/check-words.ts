import type { DiagnosticCheck } from '../../../gateway/contract.ts'

type Outcome = DiagnosticCheck['outcome']
type Tone = 'good' | 'warn' | 'bad' | 'neutral'

export const outcomeTones: Record<Outcome, Tone> = { ok: 'good', warning: 'warn', failed: 'bad', skipped: 'neutral' }

export const outcomeNames: Record<Outcome, string> = {
  ok: 'In order',
  warning: 'Warning',
  failed: 'Failed',
  skipped: 'Not checked',
}

export interface Summary {
  tone: Tone
  text: string
}

/** `1 of 7 checks failed, 1 warns.` */
export function summarise(checks: readonly Pick<DiagnosticCheck, 'outcome'>[]): Summary {
  const count = (outcome: Outcome) => checks.filter((check) => check.outcome === outcome).length
  const [failed, warnings] = [count('failed'), count('warning')]
  const all = checks.length - count('skipped')
  if (failed > 0) {
    const more = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warns' : 'warn'}`
    return { tone: 'bad', text: `${failed} of ${all} checks failed${more}.` }
  }
  if (warnings > 0) return { tone: 'warn', text: `${warnings} of ${all} checks ${warnings === 1 ? 'warns' : 'warn'}.` }
  return { tone: 'good', text: `All ${all} checks are in order.` }
}

const pages: readonly (readonly [pattern: RegExp, path: string, label: string])[] = [
  [/^provider /i, '/providers', 'Open Providers'],
  [/^key/i, '/providers', 'Open Providers'],
  [/^(port|proxy)/i, '/settings?group=network', 'Open Settings'],
  [/^(disk|ledger)/i, '/settings?group=storage', 'Open Settings'],
]

/** The page where a remedy is applied; undefined: it is none of ours, or nothing is wrong. */
export function remedyPage({ name, outcome }: Pick<DiagnosticCheck, 'name' | 'outcome'>) {
  if (outcome !== 'failed' && outcome !== 'warning') return undefined
  const found = pages.find(([pattern]) => pattern.test(name))
  return found === undefined ? undefined : { path: found[1], label: found[2] }
}
