import { useLocation } from 'wouter'
import { usePlatform } from '../client/platform.tsx'
import { useAct, useMethod } from '../client/query.ts'
import { useCommands } from '../lib/commands.tsx'
import { themes, type Theme } from '../lib/theme.ts'
import { toast, toastFailure } from '../ui/toast.tsx'
import { routes } from './routes.ts'

export interface AppActions {
  openPalette: () => void
  openShortcuts: () => void
  setTheme: (theme: Theme) => void
}

const themeTitles: Record<Theme, string> = {
  system: 'the theme of the system',
  light: 'the light theme',
  dark: 'the dark theme',
}

/** What can be done from everywhere: pages, aliases, providers, themes, pausing. */
export function useAppCommands({ openPalette, openShortcuts, setTheme }: AppActions): void {
  const [, go] = useLocation()
  const { copy } = usePlatform()
  const status = useMethod('status.get', {}).data
  const aliases = useMethod('aliases.list', {}, { staleMs: 60_000 }).data?.aliases ?? []
  const providers = useMethod('providers.list', {}, { staleMs: 60_000 }).data?.providers ?? []
  const pause = useAct('status.pause', {
    saved: ({ paused }) => (paused ? 'Paused: calls are refused' : 'Running again'),
  })
  const isPaused = status?.state === 'stopped'
  const url = status?.url ?? undefined

  useCommands(
    routes.map(({ path, title, keywords = [] }, index) => ({
      id: `page ${path}`,
      title,
      group: 'Pages',
      keywords,
      ...(index < 9 ? { hotkey: `mod+${index + 1}` } : {}),
      run: () => go(path),
    })),
  )
  useCommands([
    { id: 'palette', title: 'All commands', group: 'Actions', hotkey: 'mod+k', run: openPalette },
    { id: 'shortcuts', title: 'Keyboard shortcuts', group: 'Actions', hotkey: '?', run: openShortcuts },
    {
      id: 'pause',
      title: isPaused ? 'Resume the gateway' : 'Pause the gateway',
      group: 'Actions',
      keywords: ['stop', 'start'],
      run: () => pause.mutate({ paused: !isPaused }),
    },
    {
      id: 'copy address',
      title: 'Copy the address',
      group: 'Actions',
      keywords: ['base url', 'port'],
      run: () => {
        if (url === undefined) return toastFailure({ message: 'The gateway does not listen now.' })
        copy(`${url}/v1`).then(
          () => toast(`Copied ${url}/v1`),
          () => toastFailure({ message: 'It could not be copied.' }),
        )
      },
    },
    ...themes.map((theme) => ({
      id: `theme ${theme}`,
      title: `Use ${themeTitles[theme]}`,
      group: 'Actions',
      run: () => setTheme(theme),
    })),
  ])
  useCommands(
    aliases.map(({ name, targets }) => ({
      id: `alias ${name}`,
      title: name,
      group: 'Aliases',
      keywords: targets.flatMap(({ provider, model }) => [provider, model]),
      run: () => go(`/models?alias=${encodeURIComponent(name)}`),
    })),
  )
  useCommands(
    providers.map(({ name, title }) => ({
      id: `provider ${name}`,
      title: name === title ? name : `${title} (${name})`,
      group: 'Providers',
      run: () => go(`/providers?provider=${encodeURIComponent(name)}`),
    })),
  )
}
