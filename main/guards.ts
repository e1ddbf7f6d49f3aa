import { app, session, type Session, type WebContents } from 'electron'
import { isOwnAddress } from './sender.ts'

/** For every page there will ever be, so that no window can miss them. */
export function setupGuards(): void {
  app.on('web-contents-created', (_event, contents) => guard(contents))
  app.on('session-created', denyPermissions)
}

function guard(contents: WebContents): void {
  contents.on('will-navigate', (event) => stayHome(event))
  contents.on('will-frame-navigate', (event) => stayHome(event))
  contents.on('will-redirect', (event) => stayHome(event))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

function stayHome(event: { url: string; preventDefault(): void }): void {
  if (!isOwnAddress(event.url)) event.preventDefault()
}

/** Electron grants everything unless told otherwise. */
export function denyPermissions(of: Session = session.defaultSession): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  of.setPermissionCheckHandler(() => false)
  of.setDevicePermissionHandler(() => false)
  of.on('will-download', (event) => event.preventDefault())
}
