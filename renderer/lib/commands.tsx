import {
  createContext,
  use,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { usePlatform } from '../client/platform.tsx'
import { countsWhileTyping, matchesHotkey } from './hotkey.ts'

/** One thing the command palette can do. */
export interface Command {
  /** Unique in the app: `alias edit fast`. */
  id: string
  /** What it does: `Clear the cache`. */
  title: string
  /** Heading in the palette: `Pages`, `Aliases`, `Actions`, ... */
  group: string
  /** Further words it is found by. */
  keywords?: readonly string[]
  /** Also without the palette: `mod+k`, `/`, `j`. Listed under ?. */
  hotkey?: string
  run: () => void
}

/** A shortcut that is no command of the palette (j, k, Escape in a list). */
export interface Shortcut {
  hotkey: string
  title: string
  group: string
}

interface Registry<Item> {
  add: (items: readonly Item[]) => () => void
  subscribe: (listener: () => void) => () => void
  read: () => readonly Item[]
}

function createRegistry<Item>(): Registry<Item> {
  const lists = new Set<readonly Item[]>()
  const listeners = new Set<() => void>()
  let all: readonly Item[] = []
  const changed = () => {
    all = [...lists].flat()
    for (const listener of listeners) listener()
  }
  return {
    add(items) {
      lists.add(items)
      changed()
      return () => {
        lists.delete(items)
        changed()
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => all,
  }
}

interface Registries {
  commands: Registry<Command>
  shortcuts: Registry<Shortcut>
}

const RegistriesContext = createContext<Registries | undefined>(undefined)

/** Mounted once: what pages register is found by the palette and the list of shortcuts. */
export function CommandsProvider({ children }: { children: ReactNode }) {
  const [registries] = useState<Registries>(() => ({ commands: createRegistry(), shortcuts: createRegistry() }))
  return <RegistriesContext value={registries}>{children}</RegistriesContext>
}

function useRegistries(): Registries {
  const registries = use(RegistriesContext)
  if (registries === undefined) throw new Error('used outside of CommandsProvider')
  return registries
}

/**
 * Puts commands into the palette while the component is there. They are compared by id, title and group, so the list may
 * be written anew on every render; the newest `run` counts.
 */
export function useCommands(commands: readonly Command[]): void {
  const registry = useRegistries().commands
  const signature = commands.map(({ id, title, group, hotkey }) => [id, title, group, hotkey].join('\0')).join('\n')
  const runNewest = useEffectEvent((id: string) => commands.find((command) => command.id === id)?.run())
  const listNow = useEffectEvent(() => commands.map((command) => ({ ...command, run: () => runNewest(command.id) })))
  // oxlint-disable-next-line react/exhaustive-effect-dependencies, react-hooks/exhaustive-deps -- the signature stands for the list
  useEffect(() => registry.add(listNow()), [registry, signature])
}

/** A shortcut of a page, listed under ? and alive while the component is there. `isActive` false: it rests. */
export function useHotkey(
  hotkey: string,
  title: string,
  run: () => void,
  where: { group?: string; isActive?: boolean } = {},
): void {
  const { group = 'This page', isActive = true } = where
  const registry = useRegistries().shortcuts
  const runNewest = useEffectEvent(run)
  const { isMac } = usePlatform()
  useEffect(() => registry.add([{ hotkey, title, group }]), [registry, hotkey, title, group])
  useEffect(() => {
    if (!isActive) return undefined
    const press = (event: KeyboardEvent) => {
      if (!isMeant(hotkey, event, isMac)) return
      event.preventDefault()
      runNewest()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [hotkey, isActive, isMac])
}

/** Everything that is registered now. */
export function useAllCommands(): readonly Command[] {
  const { commands } = useRegistries()
  return useSyncExternalStore(commands.subscribe, commands.read)
}

export function useAllShortcuts(): readonly Shortcut[] {
  const { commands, shortcuts } = useRegistries()
  const listed = useSyncExternalStore(shortcuts.subscribe, shortcuts.read)
  const named = useSyncExternalStore(commands.subscribe, commands.read)
  return useMemo(
    () => [
      ...named.flatMap(({ hotkey, title, group }) => (hotkey === undefined ? [] : [{ hotkey, title, group }])),
      ...listed,
    ],
    [named, listed],
  )
}

/** Listens for the hotkeys of all commands. Mounted once. */
export function useCommandHotkeys(): void {
  const commands = useAllCommands()
  const { isMac } = usePlatform()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const command = commands.find(({ hotkey }) => hotkey !== undefined && isMeant(hotkey, event, isMac))
      if (command === undefined) return
      event.preventDefault()
      command.run()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [commands, isMac])
}

function isMeant(hotkey: string, event: KeyboardEvent, isMac: boolean): boolean {
  if (event.defaultPrevented || !matchesHotkey(hotkey, event, isMac)) return false
  if (countsWhileTyping(hotkey)) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return true
  // Dialogs and menus have keys of their own.
  return (
    target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]') === null
  )
}
