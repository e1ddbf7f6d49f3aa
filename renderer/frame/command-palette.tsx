import { Command as Cmdk } from 'cmdk'
import { Dialog } from 'radix-ui'
import { useMemo } from 'react'
import { usePlatform } from '../client/platform.tsx'
import { useAllCommands, type Command } from '../lib/commands.tsx'
import { Kbd } from '../ui/kbd.tsx'

/** Reaches every page, alias, provider, setting and action by a few letters. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const commands = useAllCommands()
  const groups = useMemo(() => Object.entries(Object.groupBy(commands, ({ group }) => group)), [commands])
  const run = (command: Command) => {
    onOpenChange(false)
    command.run()
  }
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-40 bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appear fixed top-[14vh] left-1/2 z-50 w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-card bg-raised shadow-popover"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Cmdk loop label="Commands">
            <Cmdk.Input
              placeholder="Go to a page, an alias, a provider, or do something"
              className="h-11 w-full border-b border-line bg-transparent px-4 text-section outline-none"
            />
            <Cmdk.List className="max-h-[50vh] overflow-y-auto p-1 **:[[cmdk-group-heading]]:px-3 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-small **:[[cmdk-group-heading]]:text-muted">
              <Cmdk.Empty className="px-3 py-6 text-center text-muted">Nothing is called that.</Cmdk.Empty>
              {groups.map(([group, items]) => (
                <Cmdk.Group key={group} heading={group}>
                  {items?.map((command) => (
                    <PaletteItem key={command.id} command={command} onRun={run} />
                  ))}
                </Cmdk.Group>
              ))}
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteItem({ command, onRun }: { command: Command; onRun: (command: Command) => void }) {
  const { isMac } = usePlatform()
  return (
    <Cmdk.Item
      value={command.id}
      keywords={[command.title, ...(command.keywords ?? [])]}
      onSelect={() => onRun(command)}
      className="flex h-8 items-center justify-between rounded-control px-3 data-[selected=true]:bg-hover"
    >
      <span className="truncate">{command.title}</span>
      {command.hotkey !== undefined && <Kbd keys={command.hotkey} isMac={isMac} />}
    </Cmdk.Item>
  )
}
