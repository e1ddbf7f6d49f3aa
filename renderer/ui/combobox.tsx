import { clsx } from 'clsx'
import { ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { Field, inputClass, type FieldProps } from './field.tsx'
import { fitting, type Suggestion } from '../lib/suggestions.ts'

export interface ComboboxProps extends Omit<FieldProps, 'children'> {
  value: string
  /** With every keystroke: what is not among the suggestions counts too. */
  onChange: (value: string) => void
  /** One was picked, or Enter was pressed on what was typed. */
  onPick?: ((value: string) => void) | undefined
  suggestions: readonly Suggestion[]
  placeholder?: string
}

/** More cannot be read anyway. */
const mostShown = 60

/** A name to type, with suggestions to search: Down opens them, Enter takes one, Escape closes. */
export function Combobox(props: ComboboxProps) {
  const { label, hidesLabel, help, error, className, value, placeholder } = props
  const list = useList(props)
  return (
    <Field {...{ label, hidesLabel, help, error, className }}>
      {(parts) => (
        <Popover.Root open={list.isOpen} onOpenChange={list.setOpen}>
          <Popover.Anchor asChild>
            <div className="relative flex items-center">
              <input
                {...parts}
                ref={list.input}
                role="combobox"
                aria-expanded={list.isOpen}
                aria-controls={list.id}
                aria-autocomplete="list"
                aria-activedescendant={list.active === undefined ? undefined : `${list.id}-${list.active}`}
                spellCheck={false}
                autoComplete="off"
                placeholder={placeholder}
                value={value}
                onChange={(event) => list.type(event.target.value)}
                onClick={() => list.setOpen(true)}
                onBlur={() => list.setOpen(false)}
                onKeyDown={list.pressed}
                className={clsx(inputClass, 'pr-7! font-mono text-mono')}
              />
              <ChevronDown
                aria-hidden
                strokeWidth={1.75}
                className="pointer-events-none absolute right-2 size-4 text-faint"
              />
            </div>
          </Popover.Anchor>
          <SuggestionList list={list} typed={value} />
        </Popover.Root>
      )}
    </Field>
  )
}

function useList({ value, onChange, onPick, suggestions }: ComboboxProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [wantsOpen, setWantsOpen] = useState(false)
  const [isTyping, setIsTyping] = useState(false)
  const [active, setActive] = useState<number>()
  // All of them until something is typed: a value that is there already is no search.
  const found = fitting(suggestions, isTyping ? value : '')
  const shown = found.slice(0, mostShown)
  const isOpen = wantsOpen && shown.length > 0
  const setOpen = (open: boolean) => {
    setWantsOpen(open)
    setActive(undefined)
    if (!open) setIsTyping(false)
  }
  const pick = (text: string) => {
    onChange(text)
    onPick?.(text)
    setOpen(false)
  }
  const step = (by: number) => {
    if (!isOpen) return setOpen(true)
    const from = active ?? (by > 0 ? -1 : shown.length)
    setActive((from + by + shown.length) % shown.length)
  }
  return {
    ...{ id, input, isOpen, setOpen, shown, active, setActive, pick },
    hidden: found.length - shown.length,
    type: (text: string) => {
      onChange(text)
      setOpen(true)
      setIsTyping(true)
    },
    pressed: (event: KeyboardEvent) => {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        step(event.key === 'ArrowDown' ? 1 : -1)
      }
      if (event.key !== 'Enter') return
      const chosen = isOpen && active !== undefined ? shown[active] : undefined
      // Only what is picked from the list must not send the form around it.
      if (chosen !== undefined || onPick !== undefined) event.preventDefault()
      if (chosen !== undefined) pick(chosen.value)
      else if (value.trim() !== '') pick(value)
    },
  }
}

interface SuggestionListProps {
  list: ReturnType<typeof useList>
  typed: string
}

/** Not in a portal: a dialog around it would keep the wheel from scrolling it. */
function SuggestionList({ list, typed }: SuggestionListProps) {
  return (
    <Popover.Content
      role="presentation"
      align="start"
      sideOffset={4}
      collisionPadding={8}
      onOpenAutoFocus={(event) => event.preventDefault()}
      onCloseAutoFocus={(event) => event.preventDefault()}
      onInteractOutside={(event) => {
        if (event.target instanceof Node && list.input.current?.contains(event.target) === true) event.preventDefault()
      }}
      className="appear z-50 flex max-h-[min(20rem,var(--radix-popover-content-available-height))] w-(--radix-popover-trigger-width) min-w-72 flex-col rounded-card bg-raised p-1 shadow-popover"
    >
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <datalist> can show no prices */}
      <div id={list.id} role="listbox" aria-label="Suggestions" className="min-h-0 overflow-y-auto">
        {list.shown.map(({ value, note }, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field has the keys
          <div
            key={value}
            id={`${list.id}-${index}`}
            // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- see above
            role="option"
            tabIndex={-1}
            aria-selected={value === typed}
            ref={index === list.active ? scrollIntoView : undefined}
            // Before the field loses the focus, which would close the list.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => list.pick(value)}
            onPointerMove={() => list.setActive(index)}
            className={clsx(
              'flex items-baseline justify-between gap-3 rounded-control px-2 py-1',
              index === list.active && 'bg-hover',
            )}
          >
            <span className="truncate font-mono text-mono">{value}</span>
            {note !== undefined && <span className="shrink-0 text-small text-muted">{note}</span>}
          </div>
        ))}
      </div>
      {list.hidden > 0 && (
        <p className="px-2 pt-1 text-small text-muted">
          {list.hidden.toLocaleString('en-US')} more: type to find them.
        </p>
      )}
    </Popover.Content>
  )
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
