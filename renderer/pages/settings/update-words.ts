import type { UpdateState } from '../../../gateway/contract.ts'

export type UpdateStep = 'check' | 'download' | 'install'

export interface UpdateWords {
  text: string
  /** What can be done now; undefined: wait. */
  step: UpdateStep | undefined
  label: string | undefined
  /** 0 to 1 while something is fetched. */
  progress: number | undefined
}

/** `version` is the one that runs. undefined: nobody has looked yet. */
export function updateWords(update: UpdateState | undefined, version: string): UpdateWords {
  const offered = update?.version ?? 'a new version'
  const said = (text: string, step?: UpdateStep, label?: string): UpdateWords => ({
    text,
    step,
    label,
    progress: undefined,
  })
  if (update === undefined) return said(`Version ${version} runs.`, 'check', 'Check now')
  switch (update.state) {
    case 'idle':
      return said(`Version ${version} runs.`, 'check', 'Check now')
    case 'unsupported':
      return said(update.reason ?? 'This installation cannot update itself.')
    case 'checking':
      return said('Looking for a new version.')
    case 'none':
      return said(`Version ${version} is the newest.`, 'check', 'Check again')
    case 'available':
      return said(`${capital(offered)} is there. You have ${version}.`, 'download', 'Download')
    case 'downloading': {
      const share = update.progress ?? 0
      return { ...said(`Downloading ${offered}: ${Math.round(share * 100)} %.`), progress: share }
    }
    case 'ready':
      return said(
        `${capital(offered)} is ready. Installing it restarts the gateway; running calls end first.`,
        'install',
        'Install and restart',
      )
    case 'failed':
      return said(update.reason ?? 'The update did not work.', 'check', 'Try again')
    default:
      return update.state satisfies never
  }
}

function capital(offered: string): string {
  return /^\d/.test(offered) ? `Version ${offered}` : offered.charAt(0).toUpperCase() + offered.slice(1)
}
