/** Where the window's page comes from. */
export const uiOrigin = 'app://ui'
export const uiAddress = `${uiOrigin}/index.html`

/** What is looked at of an Electron.WebFrameMain. */
export interface SenderFrame {
  url: string
  parent: unknown
}

/** Whether a message comes from our own page, in the top frame. null: its frame is gone already. */
export function isOwnSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOwnAddress(frame.url)
}

/** By parsed parts: `app://ui.evil/` starts with `app://ui`, too. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host } = new URL(address)
  return protocol === 'app:' && host === 'ui'
}
