import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronFolder, electronProgram } from './electron-runtime.ts'
import { chooseStart, type StartChoice } from './start-choice.ts'

/** `npm start`: the app where there is an Electron and a display, else the gateway alone, at once. */
const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
/** Electron's installer fetches 100 MB. It gets one try of this long. */
const installerMs = 90_000
const triedFile = join(root, 'node_modules/.cache/llm-gateway/electron-install')
/** The gateway has answered its first calls by then. */
const uiBuildDelayMs = 1500

let choice = choose()
if (choice.run === 'install') {
  install()
  choice = choose()
}
if (choice.run === 'app') await runApp()
else await runHeadless(choice.run === 'headless' ? choice.why : undefined)

function choose(): StartChoice {
  return chooseStart({
    args,
    platform: process.platform,
    env: process.env,
    hasElectron: electronFolder(process.env) !== undefined,
    mayInstall: !existsSync(triedFile),
  })
}

function install(): void {
  mkdirSync(dirname(triedFile), { recursive: true })
  writeFileSync(triedFile, '')
  console.error('Fetching Electron, once (at most 90 seconds)...')
  const installer = join(root, 'node_modules/electron/install.js')
  spawnSync(process.execPath, [installer], { timeout: installerMs, stdio: 'ignore' })
}

async function runApp(): Promise<void> {
  const { buildForStart } = await import('./build-for-start.ts')
  const folder = electronFolder(process.env) ?? ''
  const main = await buildForStart(folder)
  // Chromium does not run as root in its sandbox.
  const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = spawn(electronProgram(folder), [...flags, main, ...args], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.kill(signal))
  app.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

async function runHeadless(why: string | undefined): Promise<void> {
  if (why !== undefined) console.error(why)
  setTimeout(buildUi, uiBuildDelayMs).unref()
  await import('../gateway/cli.ts')
}

/** In a process of its own: nobody who calls a model waits for a build of the dashboard. */
function buildUi(): void {
  spawn(process.execPath, [join(root, 'build/build-stale-ui.ts')], { stdio: ['ignore', 'ignore', 'inherit'] }).unref()
}
