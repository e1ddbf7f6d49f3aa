import { clsx } from 'clsx'
import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import { Field, inputClass, type FieldProps } from './field.tsx'

export interface Option<Value extends string> {
  value: Value
  label: string
  /** A second, quieter line in the list. */
  note?: string | undefined
  disabled?: boolean | undefined
}

export interface SelectProps<Value extends string> extends Omit<FieldProps, 'children'> {
  options: readonly Option<Value>[]
  /** undefined: nothing is chosen; `placeholder` is shown. */
  value: Value | undefined
  onChange: (value: Value) => void
  placeholder?: string
  disabled?: boolean
}

/** One of several, in a list that opens. For two to four short ones take Segmented. An option's value is never empty. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hidesLabel, help, error, className, options, value, onChange, placeholder, disabled } = props
  return (
    <Field {...{ label, hidesLabel, help, error, className }}>
      {(parts) => (
        <Radix.Root
          value={value ?? ''}
          onValueChange={(chosen) => onChange(chosen as Value)}
          disabled={disabled === true}
        >
          <Radix.Trigger
            {...parts}
            className={clsx(
              inputClass,
              'flex items-center justify-between gap-2 text-left data-placeholder:text-faint',
            )}
          >
            <span className="truncate">
              <Radix.Value placeholder={placeholder ?? 'Choose'} />
            </span>
            <ChevronDown aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
          </Radix.Trigger>
          <Radix.Portal>
            <Radix.Content
              position="popper"
              sideOffset={4}
              collisionPadding={8}
              className="appear z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-card bg-raised p-1 text-body shadow-popover"
            >
              <Radix.Viewport className="max-h-80">
                {options.map((option) => (
                  <SelectOption key={option.value} option={option} />
                ))}
              </Radix.Viewport>
            </Radix.Content>
          </Radix.Portal>
        </Radix.Root>
      )}
    </Field>
  )
}

function SelectOption({ option }: { option: Option<string> }) {
  return (
    <Radix.Item
      value={option.value}
      disabled={option.disabled === true}
      className="relative flex flex-col rounded-control py-1 pr-3 pl-7 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover"
    >
      <Radix.ItemIndicator className="absolute top-2 left-2">
        <Check aria-hidden className="size-3.5" />
      </Radix.ItemIndicator>
      <Radix.ItemText>{option.label}</Radix.ItemText>
      {option.note !== undefined && <span className="text-small text-muted">{option.note}</span>}
    </Radix.Item>
  )
}
