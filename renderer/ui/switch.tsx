import { Check } from 'lucide-react'
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from 'radix-ui'
import { useId, type ReactNode } from 'react'

export interface ToggleProps {
  label: string
  hidesLabel?: boolean
  help?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
}

/** On or off, at once. The label stands before it, the switch at the end of the line. */
export function Switch({ label, hidesLabel, help, checked, onChange, disabled = false }: ToggleProps) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-6">
      <ToggleText {...{ id, label, help, hidesLabel }} />
      <RadixSwitch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={help === undefined ? undefined : `${id}-note`}
        className="mt-0.5 h-4.5 w-8 shrink-0 rounded-full border border-line-strong bg-sunken p-px disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixSwitch.Thumb className="motion-quiet block size-3.5 rounded-full bg-line-strong data-[state=checked]:translate-x-3.5 data-[state=checked]:bg-on-accent" />
      </RadixSwitch.Root>
    </div>
  )
}

/** One of several things that may be chosen together, or a consent. The box stands before the label. */
export function Checkbox({ label, hidesLabel, help, checked, onChange, disabled = false }: ToggleProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2">
      <RadixCheckbox.Root
        id={id}
        checked={checked}
        onCheckedChange={(state) => onChange(state === true)}
        disabled={disabled}
        aria-describedby={help === undefined ? undefined : `${id}-note`}
        className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-small border border-line-strong bg-card disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixCheckbox.Indicator>
          <Check aria-hidden className="size-3 text-on-accent" strokeWidth={3} />
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <ToggleText {...{ id, label, help, hidesLabel }} />
    </div>
  )
}

interface ToggleTextProps {
  id: string
  label: string
  help: ReactNode
  hidesLabel: boolean | undefined
}

function ToggleText({ id, label, help, hidesLabel }: ToggleTextProps) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={hidesLabel === true ? 'sr-only' : ''}>
        {label}
      </label>
      {help !== undefined && (
        <p id={`${id}-note`} className="text-small text-muted">
          {help}
        </p>
      )}
    </div>
  )
}
