import { existsSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Store from 'electron-store'
import type { DesktopSettings } from '../gateway/contract.ts'
import { readDesktopSettings } from './desktop-settings.ts'
import type { WindowState } from './window-state.ts'

interface Stored {
  config?: Record<string, unknown>
  desktop?: unknown
  window?: unknown
  /** Notices that were shown and are not shown again. */
  told?: string[]
}

/** The app's own file: settings.json in its data folder. */
export interface SettingsStore {
  /** Of the gateway, in the shape of gateway.yaml; it checks it itself. */
  readonly config: { get(): Record<string, unknown> | undefined; set(config: Record<string, unknown>): void }
  desktop(): DesktopSettings
  saveDesktop(next: DesktopSettings): void
  window(): unknown
  saveWindow(state: WindowState): void
  /** True the first time it is asked about this notice. */
  firstTime(notice: string): boolean
  /** Starts anew and keeps the old file beside; answers what to tell the user. */
  setAside(why: string): string
}

/** A file that cannot be read is kept aside and named in `notice`. */
export function openSettingsStore(folder: string): { settings: SettingsStore; notice: string | undefined } {
  const file = join(folder, 'settings.json')
  const problem = unreadable(file)
  const notice = problem === undefined ? undefined : moveAside(file, problem)
  return { settings: wrap(openStore(folder), file), notice }
}

function openStore(folder: string): Store<Stored> {
  // Aliases and models have dots in their names.
  return new Store<Stored>({
    name: 'settings',
    cwd: folder,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  })
}

function wrap(first: Store<Stored>, file: string): SettingsStore {
  let store = first
  return {
    config: {
      get: () => store.get('config'),
      set: (config) => store.set('config', config),
    },
    desktop: () => readDesktopSettings(store.get('desktop')),
    saveDesktop: (next) => store.set('desktop', next),
    window: () => store.get('window'),
    saveWindow: (state) => store.set('window', state),
    firstTime(notice) {
      const told = store.get('told') ?? []
      if (told.includes(notice)) return false
      store.set('told', [...told, notice])
      return true
    },
    setAside(why) {
      const desktop = store.get('desktop')
      const notice = moveAside(file, why)
      store = openStore(dirname(file))
      if (desktop !== undefined) store.set('desktop', desktop)
      return notice
    },
  }
}

function unreadable(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? undefined : 'it is not an object'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function moveAside(file: string, why: string): string {
  const aside = join(dirname(file), brokenName(new Date()))
  renameSync(file, aside)
  return `The settings could not be used (${why}). The app started with new ones; the old file is kept as ${basename(aside)} in ${dirname(file)}.`
}

/** `settings.broken-2026-11-24T12-30-00.json`, a name that every file system takes. */
export function brokenName(at: Date): string {
  return `settings.broken-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.json`
}
