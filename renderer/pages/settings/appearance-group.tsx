import { useClient } from '../../client/client-context.tsx'
import { useTheme } from '../../frame/use-theme.ts'
import type { Theme } from '../../lib/theme.ts'
import { Segmented } from '../../ui/segmented.tsx'
import type { Option } from '../../ui/select.tsx'
import { Group } from './group.tsx'
import { useDesktopSettings } from './queries.ts'

const themeOptions: readonly Option<Theme>[] = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

/** Light or dark. */
export function AppearanceGroup() {
  const { shell } = useClient()
  const { theme, setTheme } = useTheme()
  return (
    <Group id="appearance">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>Theme</span>
        {shell === 'desktop' ? (
          <DesktopTheme theme={theme} setTheme={setTheme} />
        ) : (
          <Segmented label="Theme" options={themeOptions} value={theme} onChange={setTheme} />
        )}
      </div>
    </Group>
  )
}

/** The app has to know as well: its menus and window edges are drawn by the system. */
function DesktopTheme({ theme, setTheme }: { theme: Theme; setTheme: (theme: Theme) => void }) {
  const desktop = useDesktopSettings()
  const choose = (chosen: Theme) => {
    setTheme(chosen)
    desktop.save({ theme: chosen }, () => setTheme(theme))
  }
  return <Segmented label="Theme" options={themeOptions} value={theme} onChange={choose} />
}
