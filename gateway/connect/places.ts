import { posix, win32 } from 'node:path'

/** Whose machine it is. Handed in, so that tests have homes of their own. */
export interface Places {
  home: string
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  exists: (path: string) => boolean
}

/** `inHome(places, '.claude', 'settings.json')` */
export function inHome({ home, platform }: Places, ...parts: string[]): string {
  return pathOf(platform).join(home, ...parts)
}

/** The folder that a variable names, else the one in the home. */
export function folderFrom(places: Places, variable: string, ...parts: string[]): string {
  const given = places.env[variable]
  return given !== undefined && pathOf(places.platform).isAbsolute(given) ? given : inHome(places, ...parts)
}

/** `$XDG_CONFIG_HOME`, `~/.config`. */
export function configHome(places: Places, ...parts: string[]): string {
  return pathOf(places.platform).join(folderFrom(places, 'XDG_CONFIG_HOME', '.config'), ...parts)
}

/** `%APPDATA%` and `%LOCALAPPDATA%` of Windows. */
export function windowsFolder(places: Places, kind: 'Roaming' | 'Local', ...parts: string[]): string {
  const variable = kind === 'Roaming' ? 'APPDATA' : 'LOCALAPPDATA'
  return win32.join(places.env[variable] ?? win32.join(places.home, 'AppData', kind), ...parts)
}

export function joinPath({ platform }: Pick<Places, 'platform'>, ...parts: string[]): string {
  return pathOf(platform).join(...parts)
}

/** As people write it: `~/.claude/settings.json`. */
export function shownPath({ home, platform }: Places, path: string): string {
  const { sep } = pathOf(platform)
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path
}

function pathOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix
}
