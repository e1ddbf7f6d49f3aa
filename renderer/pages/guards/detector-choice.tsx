import type { GuardDetector } from '../../../gateway/contract.ts'
import { Checkbox } from '../../ui/switch.tsx'

export interface DetectorChoiceProps {
  all: readonly GuardDetector[]
  /** null: all that are not optional. */
  chosen: readonly string[] | null
  onChange: (chosen: string[] | null) => void
  error?: string | undefined
}

/** Which of a check's patterns are looked for. */
export function DetectorChoice({ all, chosen, onChange, error }: DetectorChoiceProps) {
  const usual = all.filter(({ isOptional }) => !isOptional).map(({ name }) => name)
  const marked = chosen ?? usual
  const toggle = (name: string, isOn: boolean) => {
    const next = all.map((each) => each.name).filter((each) => (each === name ? isOn : marked.includes(each)))
    const isUsual = next.length === usual.length && next.every((each) => usual.includes(each))
    onChange(isUsual ? null : next)
  }
  return (
    <details className="rounded-control border border-line px-3 py-2">
      <summary className="cursor-pointer font-medium">
        Patterns <span className="font-normal text-muted">{summary(chosen, all)}</span>
      </summary>
      <div className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2">
        {all.map(({ name, label, description }) => (
          <Checkbox
            key={name}
            label={label}
            help={description}
            checked={marked.includes(name)}
            onChange={(isOn) => toggle(name, isOn)}
          />
        ))}
      </div>
      {error !== undefined && <p className="mt-2 text-small text-bad">{error}</p>}
    </details>
  )
}

function summary(chosen: readonly string[] | null, all: readonly GuardDetector[]): string {
  if (chosen === null) return all.some(({ isOptional }) => isOptional) ? 'the usual ones' : 'all'
  return `${chosen.length} of ${all.length}`
}
