import { join } from 'node:path'
import { app, clipboard, dialog, Menu, nativeTheme, Notification } from 'electron'
import { builtUi } from '../gateway/built-ui.ts'
import type { CliArguments } from '../gateway/cli-arguments.ts'
import type { AppArguments } from './app-arguments.ts'
import { setupBudgetNotices } from './budget-notice.ts'
import { setupBridge } from './bridge.ts'
import { setupCrashLog } from './crash-log.ts'
import { createDesktopMethods, type DesktopMethods } from './desktop-methods.ts'
import type { GatewayHost } from './gateway-host.ts'
import { denyPermissions, setupGuards } from './guards.ts'
import { linkPath } from './link.ts'
import { startTray } from './live-tray.ts'
import { createNativeVerbs } from './native.ts'
import { createPortDialog } from './port-dialog.ts'
import { setupQuit } from './quit.ts'
import { claimSingleInstance, registerLinks } from './single-instance.ts'
import { startGateway, type DesktopGateway } from './start-gateway.ts'
import { ask, type TrayState } from './tray-snapshot.ts'
import { serveUi } from './ui-protocol.ts'
import type { UpdateStep } from './update-state.ts'
import { setupUpdateChecks, setupUpdater, type Updater } from './updater.ts'
import { createMainWindow, type MainWindow } from './window.ts'

/** The same as in electron-builder.yml: Windows ties windows, notifications and the installed app together by it. */
const appId = 'dev.llm-gateway.app'

/** Shows the window, on this page. */
type Show = (path?: string) => void

/** The app's life, step by step. The gateway starts while Electron still does. */
export async function startDesktop(start: AppArguments, argv: CliArguments): Promise<void> {
  const folder = setupIdentity(argv)
  const early = createEarlyShow()
  if (!claimSingleInstance((path) => early.show(path))) return app.quit()
  const log = setupCrashLog(folder)
  setupGuards()
  registerLinks()
  const starting = startGateway(folder, argv)
  starting.catch(() => undefined)
  await app.whenReady()
  denyPermissions()
  serveUi(builtUi().uiFolder ?? '')
  setupMenu()
  try {
    const show = await run(await starting, log)
    early.become(show)
    if (!start.hidden || start.link !== undefined) show(start.link === undefined ? undefined : linkPath(start.link))
  } catch (error) {
    log(error)
    dialog.showErrorBox('LLM Gateway cannot start', error instanceof Error ? error.message : String(error))
    app.exit(1)
  }
}

/** Listens, then makes everything that needs a screen. */
async function run(gateway: DesktopGateway, log: (error: unknown) => void): Promise<Show> {
  const { host, settings } = gateway
  const { isQuitting } = setupQuit(() => host.close(), log)
  nativeTheme.themeSource = settings.desktop().theme
  const taken = await host.listen()
  const shell = createShell({ ...gateway, isQuitting, log })
  setupUpdateChecks(shell.updater, () => settings.desktop().checkForUpdates)
  setupBridge({
    api: host.api,
    native: { ...shell.desktop, ...createNativeVerbs(() => keyPages(host)) },
    onUnexpected: log,
    send: (event) => shell.window.send(event),
  })
  const usePort = async (port: number): Promise<unknown> => shell.desktop['desktop.usePort']({ port })
  const askAboutPort = createPortDialog(taken, {
    api: host.api,
    isListening: () => host.isListening(),
    usePort,
    quit: () => app.quit(),
  })
  const show: Show = (path) => {
    shell.window.open(path)
    askAboutPort().catch(log)
  }
  const notify = createNotify()
  setupBudgetNotices({ api: host.api, show: (text) => notify(text, () => show('/budgets')) })
  // Not awaited: the window is what people wait for.
  startTray({ ...trayPorts(gateway, shell, show), usePort, freePort: taken?.free, log }).then(shell.connectTray, log)
  return show
}

interface ShellPorts extends DesktopGateway {
  isQuitting: () => boolean
  log: (error: unknown) => void
}

interface Shell {
  window: MainWindow
  updater: Updater
  desktop: DesktopMethods
  connectTray: (set: TrayState['set']) => void
}

/** Window, updates and desktop settings, which tell each other and the tray what changes. */
function createShell({ host, settings, isQuitting, log }: ShellPorts): Shell {
  let setTray: TrayState['set'] = () => undefined
  const window = createMainWindow({
    savedState: () => settings.window(),
    saveState: (state) => settings.saveWindow(state),
    settings: () => settings.desktop(),
    isQuitting,
    onClosedToTray: () => tellOfTray(settings.firstTime('close-to-tray')),
  })
  const updater = setupUpdater((update) => {
    window.send({ event: 'update', data: update })
    setTray({ update })
  }, log)
  const desktop = createDesktopMethods({
    settings,
    host,
    updater,
    onSaved: ({ startAtLogin }) => setTray({ startAtLogin }),
    onPort: (freePort) => setTray({ freePort }),
  })
  const connectTray = (set: TrayState['set']): void => {
    setTray = set
  }
  return { window, updater, desktop, connectTray }
}

function trayPorts({ host, settings }: DesktopGateway, { updater, desktop }: Shell, open: Show) {
  return {
    api: host.api,
    iconFolder: join(import.meta.dirname, 'icons'),
    startAtLogin: settings.desktop().startAtLogin,
    update: updater.current(),
    open,
    copy: (text: string) => void clipboard.writeText(text),
    setStartAtLogin: (startAtLogin: boolean) => void desktop['desktop.save']({ startAtLogin }),
    updateStep(step: UpdateStep) {
      // Settings say why not.
      if (updater.step(step).state === 'unsupported') open('/settings')
    },
    quit: () => app.quit(),
  }
}

/** Where everything of the app lies. `--data-dir` moves all of it, so that two can run beside each other. */
function setupIdentity({ dataDir }: CliArguments): string {
  app.setName('LLM Gateway')
  app.setAppUserModelId(appId)
  if (dataDir !== undefined) app.setPath('userData', dataDir)
  return app.getPath('userData')
}

/** Links and second starts can come before there is a window: the last of them counts then. */
function createEarlyShow(): { show: Show; become: (show: Show) => void } {
  let pending: { path: string | undefined } | undefined
  let current: Show = (path) => {
    pending = { path }
  }
  return {
    show: (path) => current(path),
    become(show) {
      current = show
      if (pending !== undefined) show(pending.path)
    },
  }
}

/** macOS needs a menu for copy and paste to work; elsewhere the window has none. */
function setupMenu(): void {
  if (process.platform !== 'darwin') return Menu.setApplicationMenu(null)
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]))
}

function tellOfTray(isFirstTime: boolean): void {
  if (!isFirstTime) return
  createNotify()({
    title: 'LLM Gateway keeps running',
    body: 'Find it in the tray, or start the app again to open the window. Quit from the tray; Settings can change this.',
  })
}

type Notify = (text: { title: string; body: string }, onClick?: () => void) => void

/** Notifications of the system, where it has them. One that nobody refers to is collected, and its click is lost. */
function createNotify(): Notify {
  const shown = new Set<Notification>()
  return (text, onClick) => {
    if (!Notification.isSupported()) return
    const notification = new Notification(text)
    shown.add(notification)
    notification.on('click', () => onClick?.())
    notification.on('close', () => shown.delete(notification))
    notification.show()
  }
}

async function keyPages({ api }: GatewayHost): Promise<string[]> {
  const { entries } = await ask(api, 'providers.catalog', {})
  return entries.flatMap(({ keyPage }) => keyPage ?? [])
}
