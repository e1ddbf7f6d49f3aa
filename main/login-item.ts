import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app } from 'electron'
import { autostartEntry, autostartFile, startProgram } from './autostart.ts'

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
  if (app.isPackaged) return [startProgram(process.execPath, process.env)]
  return [process.execPath, join(import.meta.dirname, 'main.mjs')]
}
