import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Router, useLocation } from 'wouter'
import type { Client } from './client/client.ts'
import { ClientProvider } from './client/client-context.tsx'
import { PlatformProvider, usePlatform, type Platform } from './client/platform.tsx'
import { useEvent, useFreshAnswers } from './client/query.ts'
import { CommandPalette } from './frame/command-palette.tsx'
import { Content } from './frame/content.tsx'
import { OpenDoor } from './frame/open-door.tsx'
import { Rail } from './frame/rail.tsx'
import { ShortcutList } from './frame/shortcut-list.tsx'
import { useAppCommands } from './frame/use-app-commands.ts'
import { ThemeContext, useThemeState } from './frame/use-theme.ts'
import { CommandsProvider, useCommandHotkeys } from './lib/commands.tsx'
import { useHashPath, useHashSearch } from './lib/hash-location.ts'
import { Toaster } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

export interface AppProps {
  client: Client
  platform: Platform
  queries: QueryClient
}

/** Everything that pages may rely on, around the frame. */
export function App({ client, platform, queries }: AppProps) {
  return (
    <QueryClientProvider client={queries}>
      <ClientProvider client={client}>
        <PlatformProvider platform={platform}>
          <CommandsProvider>
            <TooltipProvider>
              {/* oxlint-disable-next-line react/hooks -- that is how wouter is told where the address is */}
              <Router hook={useHashPath} searchHook={useHashSearch}>
                <Frame shell={client.shell} />
              </Router>
            </TooltipProvider>
          </CommandsProvider>
        </PlatformProvider>
      </ClientProvider>
    </QueryClientProvider>
  )
}

function Frame({ shell }: { shell: Client['shell'] }) {
  const theme = useThemeState()
  const [open, setOpen] = useState<'palette' | 'shortcuts'>()
  const [, go] = useLocation()
  const { isMac } = usePlatform()
  useFreshAnswers()
  useEvent('navigate', ({ path }) => go(path))
  useAppCommands({
    openPalette: () => setOpen('palette'),
    openShortcuts: () => setOpen('shortcuts'),
    setTheme: theme.setTheme,
  })
  useCommandHotkeys()
  return (
    <ThemeContext value={theme}>
      <a
        href="#content"
        onClick={skipToContent}
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-3"
      >
        Skip to the page
      </a>
      <div className="flex h-full">
        <Rail isMac={isMac && shell === 'desktop'} />
        <div className="flex h-full min-w-0 flex-1 flex-col">
          <OpenDoor />
          <Content />
        </div>
      </div>
      <CommandPalette open={open === 'palette'} onOpenChange={(isOpen) => setOpen(isOpen ? 'palette' : undefined)} />
      <ShortcutList open={open === 'shortcuts'} onOpenChange={(isOpen) => setOpen(isOpen ? 'shortcuts' : undefined)} />
      <Toaster theme={theme.theme} />
    </ThemeContext>
  )
}

/** The fragment of the address is the page's; it must stay. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
