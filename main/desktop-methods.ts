import { nativeTheme } from 'electron'
import type { DesktopSettings } from '../gateway/contract.ts'
import { Refusal, type NativeHandlers } from './bridge-call.ts'
import type { GatewayHost } from './gateway-host.ts'
import { setLoginItem } from './login-item.ts'
import type { SettingsStore } from './settings-store.ts'
import { ask } from './tray-snapshot.ts'
import type { Updater } from './updater.ts'

export interface DesktopMethodPorts {
  settings: SettingsStore
  host: GatewayHost
  updater: Updater
  onSaved: (settings: DesktopSettings) => void
  /** The gateway moved to another port, or could not: then this one is free. */
  onPort: (free: number | undefined) => void
}

export type DesktopMethods = Pick<NativeHandlers, 'desktop.get' | 'desktop.save' | 'desktop.update' | 'desktop.usePort'>

export function createDesktopMethods(ports: DesktopMethodPorts): DesktopMethods {
  const { settings, host, updater, onSaved, onPort } = ports
  return {
    'desktop.get': () => settings.desktop(),
    'desktop.save'(changes) {
      const before = settings.desktop()
      const given = Object.entries(changes).filter(([, value]) => value !== undefined)
      const after: DesktopSettings = { ...before, ...Object.fromEntries(given) }
      try {
        applySettings(before, after)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new Refusal(`Starting at login could not be set up: ${why}`)
      }
      settings.saveDesktop(after)
      onSaved(after)
      return after
    },
    'desktop.update': ({ step }) => (step === 'state' ? updater.current() : updater.step(step)),
    async 'desktop.usePort'({ port }) {
      const taken = await host.usePort(port)
      onPort(taken?.free)
      if (taken === undefined) return ask(host.api, 'status.get', {})
      const other = taken.free === undefined ? null : `Port ${taken.free} is free.`
      throw new Refusal(`Port ${port} is taken by ${taken.holder}.`, other)
    },
  }
}

function applySettings(before: DesktopSettings, after: DesktopSettings): void {
  nativeTheme.themeSource = after.theme
  const changed = before.startAtLogin !== after.startAtLogin || before.startHidden !== after.startHidden
  if (changed) setLoginItem({ enabled: after.startAtLogin, hidden: after.startHidden })
}
