import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import type { DesktopSettings, GatewayEvent } from '../gateway/contract.ts'
import { uiAddress } from './sender.ts'
import { placeWindow, smallest, type WindowState } from './window-state.ts'

export interface MainWindow {
  /** Brings it to the front, on a page of its own choice or this one. */
  open(path?: string): void
  send(event: GatewayEvent): void
  current(): BrowserWindow | undefined
}

export interface WindowPorts {
  savedState: () => unknown
  saveState: (state: WindowState) => void
  settings: () => Pick<DesktopSettings, 'closeToTray' | 'closedWindow'>
  isQuitting: () => boolean
  /** The user closed the window, and the app stays in the tray. */
  onClosedToTray: () => void
}

/** A closed window that comes back soon comes back at once. */
const keptMs = 10 * 60_000

export function createMainWindow(ports: WindowPorts): MainWindow {
  let window: BrowserWindow | undefined
  let freeing: NodeJS.Timeout | undefined

  function create(path: string): BrowserWindow {
    const created = build(ports.savedState())
    created.once('ready-to-show', () => created.show())
    created.on('close', (event) => onClose(created, event))
    created.on('closed', () => {
      if (window === created) window = undefined
    })
    reloadAfterCrash(created)
    void created.loadURL(path === '' ? uiAddress : `${uiAddress}#${path}`)
    return created
  }

  function onClose(closing: BrowserWindow, event: { preventDefault(): void }): void {
    ports.saveState(stateOf(closing))
    if (ports.isQuitting()) return
    const { closeToTray, closedWindow } = ports.settings()
    if (!closeToTray) return app.quit()
    ports.onClosedToTray()
    if (closedWindow === 'free') return
    event.preventDefault()
    closing.hide()
    if (closedWindow === 'free-later') freeing = setTimeout(() => closing.destroy(), keptMs)
  }

  return {
    open(path = '') {
      clearTimeout(freeing)
      if (window === undefined) {
        window = create(path)
        return
      }
      if (path !== '') send(window, { event: 'navigate', data: { path } })
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    send: (event) => send(window, event),
    current: () => window,
  }
}

/** Once: a page that ends again at once would do so for ever. */
function reloadAfterCrash(window: BrowserWindow): void {
  window.webContents.once('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && reason !== 'killed') window.webContents.reload()
  })
}

function send(window: BrowserWindow | undefined, event: GatewayEvent): void {
  if (window !== undefined && !window.isDestroyed()) window.webContents.send('event', event)
}

function build(savedState: unknown): BrowserWindow {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id)
  const { bounds, isMaximized } = placeWindow(
    savedState,
    [primary, ...others].map(({ workArea }) => workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'LLM Gateway',
    show: false,
    // As the page's, so that nothing flashes before it is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1216' : '#f9fafb',
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
    ...(process.platform === 'linux' ? { icon: join(import.meta.dirname, 'icons/256.png') } : {}),
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (isMaximized) window.maximize()
  return window
}

function stateOf(window: BrowserWindow): WindowState {
  return { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
}
