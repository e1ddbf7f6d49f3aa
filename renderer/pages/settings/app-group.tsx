import type { DesktopSettings } from '../../../gateway/contract.ts'
import { ErrorNote } from '../../ui/notes.tsx'
import type { Option } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { ChoiceList } from './choice-list.tsx'
import { Group } from './group.tsx'
import { useDesktopSettings } from './queries.ts'
import { UpdateRow } from './update-row.tsx'

const closedWindow: readonly Option<DesktopSettings['closedWindow']>[] = [
  { value: 'free', label: 'Free its memory at once', note: 'The window takes a moment longer to open again.' },
  {
    value: 'free-later',
    label: 'Free its memory after ten minutes',
    note: 'Opens at once if it was closed by mistake.',
  },
  { value: 'keep', label: 'Keep it ready', note: 'Always opens at once; takes some 100 MB all the time.' },
]

/** What only the desktop app has: login, tray, window, updates. */
export function AppGroup() {
  const { settings, error, save } = useDesktopSettings()
  return (
    <Group id="app" description="The gateway goes on answering while its window is closed.">
      {error !== null && <ErrorNote error={error} />}
      {settings === undefined ? (
        error === null && <Skeleton className="h-40 w-full" />
      ) : (
        <Rows {...{ settings, save }} />
      )}
    </Group>
  )
}

interface RowsProps {
  settings: DesktopSettings
  save: (edit: Partial<DesktopSettings>) => void
}

function Rows({ settings, save }: RowsProps) {
  return (
    <>
      <Switch
        label="Start at login"
        help="So that tools find the gateway whenever you work."
        checked={settings.startAtLogin}
        onChange={(startAtLogin) => save({ startAtLogin })}
      />
      <Switch
        label="Start without opening the window"
        help="At login only the tray icon appears."
        checked={settings.startHidden}
        disabled={!settings.startAtLogin}
        onChange={(startHidden) => save({ startHidden })}
      />
      <Switch
        label="Closing the window keeps the gateway running"
        help="It stays in the tray. Off, closing the window quits, and tools get no answer any more."
        checked={settings.closeToTray}
        onChange={(closeToTray) => save({ closeToTray })}
      />
      {settings.closeToTray && (
        <ChoiceList
          label="A closed window"
          options={closedWindow}
          value={settings.closedWindow}
          onChange={(chosen) => save({ closedWindow: chosen })}
        />
      )}
      <Switch
        label="Look for updates"
        help="Once a day. Nothing is downloaded or installed without your word."
        checked={settings.checkForUpdates}
        onChange={(checkForUpdates) => save({ checkForUpdates })}
      />
      <UpdateRow />
    </>
  )
}
