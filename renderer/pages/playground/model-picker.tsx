import { clsx } from 'clsx'
import { Command } from 'cmdk'
import { Check, ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { inputClass } from '../../ui/field.tsx'
import { findModels, type ModelOption } from './model-options.ts'

export interface ModelPickerProps {
  /** Read out: `Model on the left`. */
  label: string
  options: readonly ModelOption[]
  value: string | null
  onChange: (value: string) => void
}

/** An alias or a model, found by a few letters; a name that is not in the list may be sent, too. */
export function ModelPicker({ label, options, value, onChange }: ModelPickerProps) {
  const [isOpen, setOpen] = useState(false)
  const note = options.find((option) => option.value === value)?.note ?? ''
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className={clsx(inputClass, 'flex items-center justify-between gap-2 text-left')}>
        <span className="grid min-w-0 grid-cols-[minmax(0,max-content)_minmax(0,1fr)] items-baseline gap-2">
          <span className="sr-only">{label}:</span>
          <span className={clsx('truncate', value === null ? 'text-faint' : 'font-medium')}>
            {value ?? 'Choose a model'}
          </span>
          <span className="truncate text-small text-muted">{note}</span>
        </span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="appear z-50 w-[380px] max-w-[calc(100vw-32px)] overflow-hidden rounded-card bg-raised shadow-popover"
        >
          <ModelList
            {...{ options, value }}
            onChoose={(chosen) => {
              onChange(chosen)
              setOpen(false)
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface ModelListProps {
  options: readonly ModelOption[]
  value: string | null
  onChoose: (value: string) => void
}

const groups = ['Aliases', 'Models'] as const

function ModelList({ options, value, onChoose }: ModelListProps) {
  const [query, setQuery] = useState('')
  const found = findModels(options, query)
  const typed = query.trim()
  const isNew = typed !== '' && !options.some((option) => option.value === typed)
  return (
    <Command shouldFilter={false} label="Models" loop>
      <Command.Input
        value={query}
        onValueChange={setQuery}
        placeholder="Alias, provider or model"
        className="h-10 w-full border-b border-line bg-transparent px-3 outline-none"
      />
      <Command.List className="max-h-[300px] overflow-y-auto p-1 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:py-1 **:[[cmdk-group-heading]]:text-small **:[[cmdk-group-heading]]:text-muted">
        {groups.map((group) => {
          const items = found.filter((option) => option.group === group)
          if (items.length === 0) return null
          return (
            <Command.Group key={group} heading={group}>
              {items.map((option) => (
                <Command.Item
                  key={option.value}
                  value={`${group} ${option.value}`}
                  onSelect={() => onChoose(option.value)}
                  className="flex items-center gap-2 rounded-control px-2 py-1 data-[selected=true]:bg-hover"
                >
                  <Check aria-hidden className={clsx('size-3.5 shrink-0', option.value !== value && 'invisible')} />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{option.value}</span>
                    <span className="block truncate text-small text-muted">{option.note}</span>
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          )
        })}
        {isNew && (
          <Command.Item
            value="as typed"
            onSelect={() => onChoose(typed)}
            className="rounded-control px-2 py-1.5 data-[selected=true]:bg-hover"
          >
            Send to <code>{typed}</code>
          </Command.Item>
        )}
        {found.length === 0 && !isNew && (
          <p className="px-3 py-6 text-center text-muted">No provider lists a model yet.</p>
        )}
      </Command.List>
    </Command>
  )
}
