import type { UpdateState } from '../gateway/contract.ts'

export type UpdateStep = 'check' | 'download' | 'install'

/** What the updater tells. */
export type UpdateNews =
  | { news: 'checking' }
  | { news: 'none' }
  | { news: 'available'; version: string }
  | { news: 'progress'; progress: number }
  | { news: 'ready'; version: string }
  | { news: 'failed'; reason: string }
  /** A look that nobody asked for came to nothing: a laptop without a network is no error. */
  | { news: 'unknown' }

export interface Installation {
  isPackaged: boolean
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  /** app-update.yml, which says where updates are, is beside the app. */
  hasFeed: boolean
}

/** Why this installation cannot update itself; undefined: it can. */
export function whyNoUpdates({ isPackaged, platform, env, hasFeed }: Installation): string | undefined {
  if (!isPackaged) return 'This is a development version: update it with git.'
  if (platform === 'linux' && env['APPIMAGE'] === undefined) return 'Update it with your system’s package manager.'
  if (env['PORTABLE_EXECUTABLE_FILE'] !== undefined)
    return 'A portable version does not update itself: download the new one.'
  if (!hasFeed) return 'This build does not know where updates are: download the new version yourself.'
  return undefined
}

export function firstUpdateState(reason: string | undefined): UpdateState {
  return { state: reason === undefined ? 'idle' : 'unsupported', version: null, progress: null, reason: reason ?? null }
}

/** The user asked for nothing that makes sense now: then nothing happens. */
export function mayStep({ state }: UpdateState, step: UpdateStep): boolean {
  if (step === 'download') return state === 'available'
  if (step === 'install') return state === 'ready'
  return state === 'idle' || state === 'none' || state === 'available' || state === 'failed'
}

export function nextUpdateState(before: UpdateState, told: UpdateNews): UpdateState {
  switch (told.news) {
    case 'checking':
      return { state: 'checking', version: null, progress: null, reason: null }
    case 'unknown':
      return firstUpdateState(undefined)
    case 'none':
      return { state: 'none', version: null, progress: null, reason: null }
    case 'available':
      return { state: 'available', version: told.version, progress: null, reason: null }
    case 'progress':
      return { ...before, state: 'downloading', progress: told.progress }
    case 'ready':
      return { state: 'ready', version: told.version, progress: null, reason: null }
    default:
      return { state: 'failed', version: before.version, progress: null, reason: told.reason }
  }
}
