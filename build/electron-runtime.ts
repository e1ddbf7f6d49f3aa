import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { source } from './bundle.ts'

/** The folder of an Electron that is already on this machine; undefined: there is none. */
export function electronFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = env['ELECTRON_OVERRIDE_DIST_PATH']
  const folders = [...(given === undefined || given === '' ? [] : [given]), source('node_modules/electron/dist')]
  return folders.find((folder) => existsSync(electronProgram(folder)))
}

export function electronProgram(folder: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return join(folder, 'Electron.app/Contents/MacOS/Electron')
  return join(folder, platform === 'win32' ? 'electron.exe' : 'electron')
}

/** `33.4.11`; the release's own file says it. */
export function electronVersion(folder: string): string {
  return readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
}

/** Electron 37 is the first whose Node has all that the product uses; older ones need build/end-to-end.ts. */
export function needsEndToEndBuild(version: string): boolean {
  return Number(version.split('.')[0]) < 37
}

export const howToGetElectron =
  'There is no Electron here: run `npx install-electron --no` (needs the network), or set ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked release.'
