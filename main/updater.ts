import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { UpdateState } from '../gateway/contract.ts'
import {
  firstUpdateState,
  mayStep,
  nextUpdateState,
  whyNoUpdates,
  type UpdateNews,
  type UpdateStep,
} from './update-state.ts'

export interface Updater {
  current(): UpdateState
  /** Nothing is downloaded or installed without being asked for. */
  step(step: UpdateStep): UpdateState
  /** Looks for updates without a word about it when that does not work. */
  lookQuietly(): void
}

/** electron-updater is loaded with the first step: it is off the way of a start. */
export function setupUpdater(onChange: (state: UpdateState) => void, log: (error: unknown) => void): Updater {
  const reason = whyNoUpdates({
    isPackaged: app.isPackaged,
    platform: process.platform,
    env: process.env,
    hasFeed: existsSync(join(process.resourcesPath, 'app-update.yml')),
  })
  let state = firstUpdateState(reason)
  let loading: Promise<AppUpdater> | undefined
  const hear = (told: UpdateNews): void => {
    state = nextUpdateState(state, told)
    onChange(state)
  }
  const begin = (step: UpdateStep, failure: UpdateNews): UpdateState => {
    if (!mayStep(state, step)) return state
    if (step === 'check') hear({ news: 'checking' })
    if (step === 'download') hear({ news: 'progress', progress: 0 })
    loading ??= load(hear)
    loading
      .then((updater) => take(updater, step))
      .catch((error: unknown) => {
        log(error)
        hear(failure)
      })
    return state
  }
  return {
    current: () => state,
    step: (step) => begin(step, didNotWork),
    lookQuietly: () => void begin('check', { news: 'unknown' }),
  }
}

const didNotWork: UpdateNews = {
  news: 'failed',
  reason: 'The update did not work. Check the connection and try again later.',
}

async function load(hear: (told: UpdateNews) => void): Promise<AppUpdater> {
  const { default: module } = await import('electron-updater')
  const updater = module.autoUpdater
  updater.autoDownload = false
  updater.autoInstallOnAppQuit = false
  updater.on('update-not-available', () => hear({ news: 'none' }))
  updater.on('update-available', ({ version }) => hear({ news: 'available', version }))
  updater.on('download-progress', ({ percent }) => hear({ news: 'progress', progress: percent / 100 }))
  updater.on('update-downloaded', ({ version }) => hear({ news: 'ready', version }))
  // The promise of each step rejects with the same.
  updater.on('error', () => undefined)
  return updater
}

async function take(updater: AppUpdater, step: UpdateStep): Promise<void> {
  if (step === 'check') await updater.checkForUpdates()
  else if (step === 'download') await updater.downloadUpdate()
  else updater.quitAndInstall()
}

const firstCheckMs = 60_000
const nextChecksMs = 24 * 60 * 60_000

/** Looks for updates while the app runs, if the user wants that; downloading waits for a word. */
export function setupUpdateChecks(updater: Updater, isWanted: () => boolean): void {
  const check = (): void => {
    if (isWanted()) updater.lookQuietly()
  }
  setTimeout(check, firstCheckMs).unref()
  setInterval(check, nextChecksMs).unref()
}
