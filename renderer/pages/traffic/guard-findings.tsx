import type { GuardFinding } from '../../../gateway/contract.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'

const actionWords: Record<GuardFinding['action'], string> = {
  log: 'noted',
  flag: 'flagged to the client',
  redact: 'taken out',
  block: 'blocked',
}

const actionTones: Record<GuardFinding['action'], Tone> = { log: 'neutral', flag: 'warn', redact: 'warn', block: 'bad' }

/** What the guards found in a call, by kind: never what it was. */
export function GuardFindings({ findings }: { findings: readonly GuardFinding[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {findings.map((finding) => (
        <li key={`${finding.guard} ${finding.on}`} className="flex flex-wrap items-center gap-x-2">
          <Badge tone={actionTones[finding.action]}>{actionWords[finding.action]}</Badge>
          <span>
            {foundText(finding)} in the {finding.on === 'request' ? 'request' : 'answer'}
          </span>
          <span className="text-muted">by {finding.guard}</span>
        </li>
      ))}
    </ul>
  )
}

/** `2 × email, 1 × iban` */
function foundText({ found }: GuardFinding): string {
  return Object.entries(found)
    .map(([detector, times]) => `${times} × ${detector}`)
    .join(', ')
}
