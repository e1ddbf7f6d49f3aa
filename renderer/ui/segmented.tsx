import { ToggleGroup } from 'radix-ui'
import type { Option } from './select.tsx'

export interface SegmentedProps<Value extends string> {
  /** Read out: `Group by`. */
  label: string
  options: readonly Option<Value>[]
  value: Value
  onChange: (value: Value) => void
}

/** One of two to six short options, all in view. Arrow keys move. */
export function Segmented<Value extends string>({ label, options, value, onChange }: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      // An empty value comes when the pressed one is pressed again.
      onValueChange={(chosen) => chosen !== '' && onChange(chosen as Value)}
      className="inline-flex h-8 items-center gap-px rounded-control border border-line bg-sunken p-px"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled === true}
          className="h-full rounded-[5px] border border-transparent px-2.5 whitespace-nowrap text-muted select-none hover:text-ink disabled:opacity-50 data-[state=on]:border-line data-[state=on]:bg-card data-[state=on]:font-medium data-[state=on]:text-ink"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
