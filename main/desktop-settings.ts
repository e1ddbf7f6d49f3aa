import { desktopSettings, type DesktopSettings } from '../gateway/contract.ts'

const defaults: DesktopSettings = {
  theme: 'system',
  // Never without being asked.
  startAtLogin: false,
  startHidden: true,
  closeToTray: true,
  closedWindow: 'free-later',
  checkForUpdates: true,
}

/** What is stored, each entry by itself: one that no version of ours wrote counts as not there. */
export function readDesktopSettings(stored: unknown): DesktopSettings {
  if (typeof stored !== 'object' || stored === null) return defaults
  const { shape } = desktopSettings
  const good = Object.entries(stored).filter(
    ([name, value]) => Object.hasOwn(shape, name) && shape[name as keyof typeof shape].safeParse(value).success,
  )
  return { ...defaults, ...(Object.fromEntries(good) as Partial<DesktopSettings>) }
}
