import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app } from 'electron'

export interface LoginItem {
  enabled: boolean
  /** Without a window. */
  hidden: boolean
}

/** Makes the system start the app at login, or not. */
export function setLoginItem({ enabled, hidden }: LoginItem): void {
  const command = startCommand()
  const args = [...command.slice(1), ...(hidden ? ['--hidden'] : [])]
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: enabled, path: command[0] ?? process.execPath, args })
    return
  }
  const file = autostartFile(process.env, app.getPath('home'))
  if (!enabled) return rmSync(file, { force: true })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, autostartEntry([command[0] ?? process.execPath, ...args]))
}

/** The AppImage itself, not where it is mounted this time. */
function startCommand(): string[] {
  if (app.isPackaged) return [process.env['APPIMAGE'] ?? process.execPath]
  return [process.execPath, join(import.meta.dirname, 'main.mjs')]
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
export function autostartFile(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const configHome = env['XDG_CONFIG_HOME'] ?? ''
  return join(configHome.startsWith('/') ? configHome : join(home, '.config'), 'autostart', 'llm-gateway.desktop')
}

export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=LLM Gateway',
    'Comment=One local address for every model provider',
    `Exec=${command.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/** Quoted for the Exec key, and once more for a value of the file: https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
function quoted(argument: string): string {
  const escaped = argument
    .replace(/["`$\\]/g, String.raw`\$&`)
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
  return `"${escaped}"`
}
