import { usePlatform } from '../client/platform.tsx'
import { useAllShortcuts } from '../lib/commands.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'

/** Every shortcut that works now, by group. */
export function ShortcutList({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { isMac } = usePlatform()
  const groups = Object.entries(Object.groupBy(useAllShortcuts(), ({ group }) => group))
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" width={440}>
      <div className="flex flex-col gap-4">
        {groups.map(([group, shortcuts]) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1 text-small font-medium text-muted">{group}</h3>
            <dl>
              {shortcuts?.map(({ hotkey, title }) => (
                <div key={`${hotkey} ${title}`} className="flex h-8 items-center justify-between">
                  <dt>{title}</dt>
                  <dd>
                    <Kbd keys={hotkey} isMac={isMac} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
