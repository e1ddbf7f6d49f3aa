import type { Api } from '../gateway/api/api.ts'
import { ask } from './tray-snapshot.ts'
import type { TrayAction } from './tray-menu.ts'

export interface TrayActionPorts {
  api: Api
  open: (path?: string) => void
  copy: (text: string) => void
  setStartAtLogin: (enabled: boolean) => void
  updateStep: (step: 'check' | 'download' | 'install') => void
  usePort: (port: number) => Promise<unknown>
  quit: () => void
}

/** What a click in the tray does; the menu changes when the events of what was done come back. */
export function createTrayActions(ports: TrayActionPorts): (action: TrayAction) => Promise<unknown> {
  const { api } = ports
  return async (action) => {
    switch (action.do) {
      case 'open':
        return ports.open(action.path)
      case 'pause':
        return ask(api, 'status.pause', { paused: action.paused })
      case 'copy':
        return ports.copy(action.text)
      case 'prefer':
        return prefer(api, action.alias, action.target)
      case 'cache':
        return setCache(api, action.enabled)
      case 'start-at-login':
        return ports.setStartAtLogin(action.enabled)
      case 'update':
        return ports.updateStep(action.step)
      case 'use-port':
        return ports.usePort(action.port)
      default:
        return ports.quit()
    }
  }
}

/** Moves the target to the front: it is asked first, the others stay behind it in their order. */
async function prefer(api: Api, name: string, target: number): Promise<void> {
  const { aliases } = await ask(api, 'aliases.list', {})
  const targets = aliases.find((alias) => alias.name === name)?.targets ?? []
  const chosen = targets[target]
  if (chosen === undefined || target === 0) return
  await ask(api, 'aliases.save', { name, targets: [chosen, ...targets.filter((other) => other !== chosen)] })
}

async function setCache(api: Api, enabled: boolean): Promise<void> {
  const { ttlMs, maxBytes } = await ask(api, 'cache.get', {})
  await ask(api, 'cache.configure', { enabled, ttlMs, maxBytes })
}
