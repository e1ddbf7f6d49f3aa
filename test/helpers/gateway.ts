import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'

export interface GatewayOptions {
  /** gateway.yaml, as text or as the object it stands for; absent: no file at all. */
  config?: string | object
  env?: Record<string, string>
  args?: string[]
  /** Run the built file instead of the sources. */
  bundle?: boolean
  /** Default 0: any free port. */
  port?: number
  /** Default: a new one, removed when the process has ended. */
  dataDir?: string
}

export interface GatewayProcess {
  /** `http://127.0.0.1:PORT` */
  url: string
  pid: number
  /** Sends the signal (default SIGTERM) and waits for the exit code; null when the signal killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  signal(signal: NodeJS.Signals): void
  /** Everything printed so far, standard output and error together. */
  output(): string
  exitCode: Promise<number | null>
  dataDir: string
  /** Undefined when no configuration was given. */
  configFile: string | undefined
  /** Replaces the configuration file in one go, as editors do. */
  writeConfig(config: string | object): Promise<void>
}

export interface GatewayRun {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** Starts the headless gateway as its users do and resolves when it says that it listens. */
export async function startGatewayProcess(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const room = await prepare(options)
  const dataDir = options.dataDir ?? join(room.dir, 'data')
  const where = ['--port', String(options.port ?? 0), '--data-dir', dataDir]
  const child = launch(options, room, where)
  const { output, exitCode } = watch(child)
  void exitCode.then(() => rm(room.dir, { recursive: true, force: true }))
  const url = await listening(child, output, exitCode)
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  return {
    url,
    pid: child.pid ?? -1,
    stop: (name = 'SIGTERM') => {
      signal(name)
      return exitCode
    },
    signal,
    output: () => output.both(),
    exitCode,
    dataDir,
    configFile: room.configFile,
    writeConfig: (config) => writeFile(room.configFile ?? join(room.dir, 'gateway.yaml'), yamlOf(config)),
  }
}

/** Runs the gateway's command line to its end, for the forms that do not stay (`--check`, `--version`, a failed start). */
export async function runGateway(options: GatewayOptions = {}): Promise<GatewayRun> {
  const room = await prepare(options)
  const where = [
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    '--data-dir',
    options.dataDir ?? join(room.dir, 'data'),
  ]
  const { output, exitCode } = watch(launch(options, room, where))
  const code = await exitCode
  await rm(room.dir, { recursive: true, force: true })
  return { exitCode: code, stdout: output.out, stderr: output.err }
}

interface Room {
  dir: string
  configFile: string | undefined
}

async function prepare({ config }: GatewayOptions): Promise<Room> {
  const dir = await mkdtemp(join(tmpdir(), 'llm-gateway-test-'))
  if (config === undefined) return { dir, configFile: undefined }
  const configFile = join(dir, 'gateway.yaml')
  await writeFile(configFile, yamlOf(config))
  return { dir, configFile }
}

function yamlOf(config: string | object): string {
  return typeof config === 'string' ? config : stringify(config)
}

/** An environment of its own: no key, proxy or setting of the developer's machine gets in. */
function launch({ args = [], env = {}, bundle = false }: GatewayOptions, room: Room, where: string[]): ChildProcess {
  const script = resolve(bundle ? 'dist/headless/llm-gateway.mjs' : 'gateway/cli.ts')
  const config = room.configFile === undefined ? [] : ['--config', room.configFile]
  return spawn(node24(), [script, ...config, ...where, ...args], {
    cwd: room.dir,
    env: { PATH: process.env['PATH'] ?? '', HOME: room.dir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function node24(): string {
  if (Number(process.versions.node.split('.')[0]) < 24)
    throw new Error(`these tests need Node 24 or newer, not ${process.version}: run them through npm (npm test)`)
  return process.execPath
}

class Output {
  out = ''
  err = ''
  both(): string {
    return this.out + this.err
  }
}

function watch(child: ChildProcess): { output: Output; exitCode: Promise<number | null> } {
  const output = new Output()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  const exitCode = new Promise<number | null>((done, reject) => {
    child.once('error', reject)
    child.once('close', (code) => done(code))
  })
  return { output, exitCode }
}

/** The address is in the line that says "listening", as JSON or as text. */
function listening(child: ChildProcess, output: Output, exitCode: Promise<number | null>): Promise<string> {
  return new Promise((done, reject) => {
    const look = () => {
      // The last piece is not a line yet: its port may be cut.
      const lines = output.out.split('\n').slice(0, -1)
      const address = /https?:\/\/[\d.[\]:]+:\d+/
      const url = lines.map((line) => (line.includes('listening') ? address.exec(line)?.[0] : undefined)).find(Boolean)
      if (url !== undefined) done(url)
    }
    child.stdout?.on('data', look)
    exitCode.then(
      (code) => reject(new Error(`the gateway ended with ${code} before it listened:\n${output.both()}`)),
      reject,
    )
  })
}
