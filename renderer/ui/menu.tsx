import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'

export type MenuItem =
  | 'separator'
  | {
      label: string
      onSelect: () => void
      icon?: LucideIcon
      isDanger?: boolean
      disabled?: boolean
      /** Has a tick before it. */
      checked?: boolean
    }

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement
  items: readonly MenuItem[]
  align?: 'start' | 'end'
}

/** Actions that open from a button. */
export function Menu({ trigger, items, align = 'end' }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="appear z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-card bg-raised p-1 text-body shadow-popover"
        >
          {items.map((item, index) =>
            item === 'separator' ? (
              <DropdownMenu.Separator key={`separator ${index}`} className="mx-1 my-1 h-px bg-line" />
            ) : (
              <MenuEntry key={item.label} item={item} />
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function MenuEntry({ item }: { item: Exclude<MenuItem, string> }) {
  const Icon = item.checked === true ? Check : item.icon
  return (
    <DropdownMenu.Item
      onSelect={item.onSelect}
      disabled={item.disabled === true}
      className={clsx(
        'flex h-8 items-center gap-2 rounded-control pr-3 pl-2 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover',
        item.isDanger === true && 'text-bad',
      )}
    >
      {Icon === undefined ? (
        <span className="size-4" />
      ) : (
        <Icon aria-hidden className="size-4 text-muted" strokeWidth={1.75} />
      )}
      {item.label}
    </DropdownMenu.Item>
  )
}
