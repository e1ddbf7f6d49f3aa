import type { AttemptDetail, CallDetail, CostLine } from '../../../gateway/contract.ts'
import { formatExactMoney } from '../../lib/format.ts'
import { Note } from '../../ui/notes.tsx'
import { answeredBy, isHit } from './call-words.ts'

/** Like a bill: every line can be checked, and they add up to the sum. */
export function CostTab({ detail }: { detail: CallDetail }) {
  const { call, attempts, costNote } = detail
  const asked = attempts.filter(({ number }) => number > 0)
  return (
    <div className="flex flex-col gap-4">
      {asked.length === 0 && <p className="text-muted">{freeBecause(detail)}</p>}
      {asked.map((attempt) => (
        <AttemptCost key={attempt.number} attempt={attempt} isOnly={asked.length === 1} />
      ))}
      {asked.length > 1 && (
        <Line
          label="Sum of all attempts"
          amount={call.costNanoUsd}
          className="border-t border-line-strong pt-2 font-semibold"
        />
      )}
      {call.savedNanoUsd !== null && call.savedNanoUsd > 0 && (
        <Line label="Saved by the cache" amount={call.savedNanoUsd} className="text-good" />
      )}
      {call.estimated && (
        <Note
          title="The tokens are an estimate"
          text="The provider did not say how many there were; they were counted here."
        />
      )}
      {costNote !== null && <Note kind="warn" title={costNote} />}
    </div>
  )
}

function freeBecause({ call }: CallDetail): string {
  if (isHit(call)) return 'Answered from the cache: no provider was asked, and nothing was paid.'
  return 'No provider was asked, and nothing was paid.'
}

function AttemptCost({ attempt, isOnly }: { attempt: AttemptDetail; isOnly: boolean }) {
  const { costLines, costNanoUsd, number } = attempt
  return (
    <section aria-label={`Cost of attempt ${number}`}>
      <h3 className="font-medium">
        {isOnly ? '' : `Attempt ${number}: `}
        {answeredBy(attempt)}
      </h3>
      <div className="mt-1">
        {costLines.map((line, index) => (
          <BillLine key={`${line.label} ${index}`} line={line} />
        ))}
        <Line label={sumLabel(attempt)} amount={costNanoUsd} className="border-t border-line py-2 font-semibold" />
      </div>
    </section>
  )
}

/** Only what is the sum of the lines above is called so: the ledger's number stands, and the note says why they differ. */
function sumLabel({ outcome, costNanoUsd, costLines }: AttemptDetail): string {
  if (costNanoUsd === null) return 'The cost is not known'
  if (costLines.length > 0) {
    const sum = costLines.reduce((sum, line) => sum + line.costNanoUsd, 0)
    return sum === costNanoUsd ? 'Sum' : 'What the ledger has'
  }
  if (costNanoUsd > 0) return 'Cost'
  return outcome === 'ok' ? 'Nothing was charged' : 'It failed, and nothing was charged'
}

function BillLine({ line }: { line: CostLine }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 border-t border-line py-2">
      <div className="min-w-0">
        <div className="first-letter:uppercase">{line.label}</div>
        <div className="font-mono text-mono wrap-anywhere text-muted">{line.text}</div>
      </div>
      <div className="text-right whitespace-nowrap">{formatExactMoney(line.costNanoUsd)}</div>
    </div>
  )
}

interface LineProps {
  label: string
  /** null: not known. */
  amount: number | null
  className: string
}

function Line({ label, amount, className }: LineProps) {
  return (
    <div className={`flex items-baseline justify-between gap-6 ${className}`}>
      <span>{label}</span>
      <span className="whitespace-nowrap">{amount === null ? 'unknown' : formatExactMoney(amount)}</span>
    </div>
  )
}
