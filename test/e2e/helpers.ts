import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { describe } from 'vitest'
import { source } from '../../build/bundle.ts'
import { electronFolder, howToGetElectron } from '../../build/electron-runtime.ts'
import { isStale } from '../../build/stale.ts'
import type { MethodInput, MethodName, MethodOutput } from '../../gateway/contract.ts'
import type { GatewayBridge } from '../../main/bridge-types.ts'

declare global {
  var gateway: GatewayBridge
}

const electron = electronFolder(process.env)

function whyNot(): string | undefined {
  if (electron === undefined) return howToGetElectron
  if (process.platform !== 'linux') return 'They were only made to run on Linux.'
  if (!process.env['DISPLAY'] && !existsSync('/usr/bin/Xvfb')) return 'There is no display: install xvfb.'
  return undefined
}

/** Tests of the real app. Where it cannot run they are skipped, with one line that says how it could. */
export function describeApp(name: string, tests: () => void): void {
  const reason = whyNot()
  if (reason !== undefined) console.log(`skipped: ${name}. ${reason}`)
  describe.skipIf(reason !== undefined)(name, tests)
}

const packaged = source('dist/end-to-end/linux-unpacked')

let packaging: Promise<string> | undefined

/** The packaged app, made once for these sources. Answers its program. */
export function packagedApp(): Promise<string> {
  packaging ??= packageUnlessThere()
  return packaging
}

async function packageUnlessThere(): Promise<string> {
  const sources = ['main', 'gateway', 'build', 'renderer', 'electron-builder.yml', 'test/e2e/open-database-better.ts']
  if (await isStale(join(packaged, 'resources/app.asar'), sources.map(source))) {
    packageApp({ LLM_GATEWAY_E2E: '1' })
  }
  return join(packaged, 'llm-gateway')
}

/** Runs `npm run package:dir`. */
export function packageApp(env: Record<string, string> = {}): void {
  execFileSync(process.execPath, [source('build/package-dir.ts')], {
    env: { ...process.env, ...env, ELECTRON_OVERRIDE_DIST_PATH: electron },
    stdio: 'pipe',
  })
}

/** Chromium does not run as root in its sandbox. */
export const rootFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : []

interface Display {
  name: string
  close(): void
}

/** The display to show windows on: the one that is there, or one of its own. */
async function openDisplay(): Promise<Display> {
  const own = process.env['DISPLAY']
  if (own) return { name: own, close: () => undefined }
  // Ends by itself ten seconds after its last client: a worker of vitest has no time to clean up when it is stopped.
  const flags = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-terminate', '10']
  const server = spawn('Xvfb', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const [number] = (await once(server.stdio[3] as NodeJS.ReadableStream, 'data')) as [Buffer]
  return { name: `:${number.toString().trim()}`, close: () => void server.kill() }
}

export interface LaunchOptions {
  args?: string[]
  /** Default 0: any free one. null: the one of the settings. */
  port?: number | null
  env?: Record<string, string>
  /** Default: a new one, removed by `close`. */
  dataDir?: string
}

export interface LaunchedApp {
  app: ElectronApplication
  /** The first window; not with `--hidden`. */
  window: Page
  dataDir: string
  env: Record<string, string>
  /** Of the gateway. */
  url: string
  /** Quits as a user does, and waits for the exit code. */
  quit(): Promise<number | null>
  /** Ends it in any case, and removes its folder. */
  close(): Promise<void>
}

/** Starts the packaged app on a free port and waits for its window. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const { port = 0 } = options
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'llm-gateway-e2e-')))
  const executablePath = await packagedApp()
  const display = await openDisplay()
  const env = { ...plainEnvironment(), DISPLAY: display.name, XDG_CONFIG_HOME: dataDir, ...options.env }
  const app = await _electron.launch({
    executablePath,
    args: [
      ...rootFlags,
      ...(port === null ? [] : ['--port', String(port)]),
      '--data-dir',
      dataDir,
      ...(options.args ?? []),
    ],
    env,
  })
  const child = app.process()
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const window = await app.firstWindow()
  await window.waitForLoadState('load')
  return {
    app,
    window,
    dataDir,
    env,
    url: (await call(window, 'status.get', {})).url ?? '',
    async quit() {
      await app.evaluate(({ app }) => void setTimeout(() => app.quit(), 0))
      return exited
    },
    async close() {
      await endProcess(child, exited)
      display.close()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function endProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await exited
}

/** What this test run was started with must not reach the app: display servers, buses, flags for Node. */
export function plainEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'].flatMap((name): [string, string][] => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(kept)
}

/** Calls a method of the contract as the page does. */
export async function call<Name extends MethodName>(
  window: Page,
  method: Name,
  input: MethodInput<Name>,
): Promise<MethodOutput<Name>> {
  const result = await window.evaluate(([method, input]) => gateway.call(method, input), [method, input] as const)
  if (!result.ok) throw new Error(`${method}: ${result.error.message}`)
  return result.value as MethodOutput<Name>
}

/** What the app answers to a call that may be wrong. */
export function rawCall(window: Page, method: unknown, input: unknown) {
  return window.evaluate(([method, input]) => gateway.call(method as string, input), [method, input] as const)
}

export interface Keyring {
  /** For the app's `env`. */
  env: Record<string, string>
  stop(): void
}

const keyringScript = source('../shared/tools/with-keyring.sh')

/** Why there is no keyring to test with; undefined: there is one. */
export const whyNoKeyring =
  existsSync(keyringScript) && existsSync('/usr/bin/gnome-keyring-daemon') && existsSync('/usr/bin/dbus-run-session')
    ? undefined
    : 'needs ../shared/tools/with-keyring.sh, dbus and gnome-keyring'

/** A Secret Service of its own, unlocked; it lives until `stop`. */
export async function startKeyring(mode: 'unlocked' | 'locked' | 'none' = 'unlocked'): Promise<Keyring> {
  const child = spawn(keyringScript, ['bash', '-c', 'env -0; printf "END=\\0"; cat'], {
    env: { ...plainEnvironment(), KEYRING: mode },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  let text = ''
  while (!text.includes('END=\0')) {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
    text += chunk.toString()
  }
  const wanted = /^(DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|XDG_DATA_HOME)$/
  const pairs = text.split('\0').map((line) => line.split(/=(.*)/s, 2) as [string, string])
  return { env: Object.fromEntries(pairs.filter(([name]) => wanted.test(name))), stop: () => child.stdin.end() }
}
