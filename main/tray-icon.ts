import type { Status } from '../gateway/contract.ts'

interface Look {
  state: Status['state']
  platform: NodeJS.Platform
  /** Of the bar the icon stands in, which is not the theme of the windows. */
  isDark: boolean
}

/** Name of the file in the icons folder. macOS colours template images itself and knows them by their name. */
export function trayIcon({ state, platform, isDark }: Look): string {
  if (platform === 'darwin') return `tray-${state}-Template.png`
  return `tray-${state}-${isDark ? 'dark' : 'light'}.${platform === 'win32' ? 'ico' : 'png'}`
}
