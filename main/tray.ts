import { join } from 'node:path'
import { Menu, nativeTheme, Tray, type MenuItemConstructorOptions } from 'electron'
import { trayIcon } from './tray-icon.ts'
import { statusLine, trayMenu, type MenuItemSpec, type TrayAction, type TraySnapshot } from './tray-menu.ts'

export interface TrayPorts {
  iconFolder: string
  current: () => TraySnapshot
  act: (action: TrayAction) => void
}

/** Menus are not cheap, and those that are open close when they are replaced. */
const slowest = 1000

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

/** Draws the tray; `changed` draws it anew, at most once a second and only what is different. */
export function setupTray({ iconFolder, current, act }: TrayPorts): { changed: () => void; destroy: () => void } {
  const tray = new Tray(iconPath())
  let icon = iconPath()
  let drawn = ''
  let timer: NodeJS.Timeout | undefined

  function iconPath(): string {
    const isDark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ?? nativeTheme.shouldUseDarkColors
    return join(iconFolder, trayIcon({ state: current().status.state, platform: process.platform, isDark }))
  }

  function draw(): void {
    timer = undefined
    if (tray.isDestroyed()) return
    const next = iconPath()
    if (next !== icon) tray.setImage(next)
    icon = next
    const items = trayMenu(current(), (at) => timeOfDay.format(at))
    const shape = JSON.stringify(items)
    if (shape === drawn) return
    drawn = shape
    tray.setToolTip(`LLM Gateway: ${statusLine(current().status)}`)
    // Linux shows a menu's changes only when it is set again.
    tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => toTemplate(item, act))))
  }

  const changed = (): void => {
    timer ??= setTimeout(draw, slowest)
  }
  draw()
  nativeTheme.on('updated', changed)
  // Not on macOS, where a click opens the menu; Linux may never tell.
  if (process.platform !== 'darwin') tray.on('click', () => act({ do: 'open' }))
  return {
    changed,
    destroy() {
      clearTimeout(timer)
      tray.destroy()
    },
  }
}

function toTemplate(item: MenuItemSpec, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (item.type) {
    case 'separator':
      return { type: 'separator' }
    case 'label':
      return { label: item.label, enabled: false }
    case 'submenu':
      return { label: item.label, submenu: item.items.map((inner) => toTemplate(inner, act)) }
    case 'action':
      return { label: item.label, click: () => act(item.action) }
    default:
      return { type: item.type, label: item.label, checked: item.checked, click: () => act(item.action) }
  }
}
