import { RadioGroup } from 'radix-ui'
import { useId } from 'react'
import type { Option } from '../../ui/select.tsx'

export interface ChoiceListProps<Value extends string> {
  label: string
  /** Every one has a `note`: what it means. */
  options: readonly Option<Value>[]
  value: Value
  onChange: (value: Value) => void
}

/** One of a few, where each needs a sentence. */
export function ChoiceList<Value extends string>({ label, options, value, onChange }: ChoiceListProps<Value>) {
  const id = useId()
  return (
    <div className="flex flex-col gap-2">
      <span id={id} className="font-medium">
        {label}
      </span>
      <RadioGroup.Root
        aria-labelledby={id}
        value={value}
        onValueChange={(chosen) => onChange(chosen as Value)}
        className="flex flex-col gap-2"
      >
        {options.map((option) => (
          <div key={option.value} className="flex items-start gap-2">
            <RadioGroup.Item
              id={`${id}-${option.value}`}
              value={option.value}
              aria-describedby={option.note === undefined ? undefined : `${id}-${option.value}-note`}
              className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-line-strong bg-card data-[state=checked]:border-accent data-[state=checked]:bg-accent"
            >
              <RadioGroup.Indicator className="size-1.5 rounded-full bg-on-accent" />
            </RadioGroup.Item>
            <div className="min-w-0">
              <label htmlFor={`${id}-${option.value}`}>{option.label}</label>
              {option.note !== undefined && (
                <p id={`${id}-${option.value}-note`} className="text-small text-muted">
                  {option.note}
                </p>
              )}
            </div>
          </div>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
