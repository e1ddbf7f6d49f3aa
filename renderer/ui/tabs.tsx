import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export interface TabItem {
  /** Part of ids in the page: letters, digits and `-`. */
  id: string
  title: ReactNode
  content: ReactNode
}

export interface TabsProps {
  label: string
  items: readonly TabItem[]
  /** With `onChange`: the page keeps which is open, e.g. in the address. Without: the first is open. */
  value?: string
  onChange?: (id: string) => void
}

/** Several views of one thing, one at a time. */
export function Tabs({ label, items, value, onChange }: TabsProps) {
  const first = items[0]?.id ?? ''
  const state = value === undefined ? { defaultValue: first } : { value, onValueChange: onChange ?? (() => {}) }
  return (
    <Radix.Root {...state} className="flex min-h-0 flex-col">
      <Radix.List aria-label={label} className="flex shrink-0 gap-4 border-b border-line">
        {items.map((item) => (
          <Radix.Trigger
            key={item.id}
            value={item.id}
            className="-mb-px h-9 border-b-2 border-transparent text-muted select-none hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {item.title}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map((item) => (
        <Radix.Content key={item.id} value={item.id} className="min-h-0 pt-4">
          {item.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
