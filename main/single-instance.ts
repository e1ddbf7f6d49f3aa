import { app } from 'electron'
import { isLink, linkPath } from './link.ts'

/** Called with the page to show; undefined: whichever is there. */
type Open = (path: string | undefined) => void

/** False: another copy runs already, and was told to show itself (or the link this one was started with). */
export function claimSingleInstance(open: Open): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', (_event, argv) => {
    const link = argv.find(isLink)
    // A second start at login (a leftover entry) is nobody's wish to see the window.
    if (link !== undefined || !argv.includes('--hidden')) open(link === undefined ? undefined : linkPath(link))
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open(linkPath(link))
  })
  app.on('activate', () => open(undefined))
  return true
}

/** Installers register the scheme; this is for those who run without one. */
export function registerLinks(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient('llm-gateway')
}
