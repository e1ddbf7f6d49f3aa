import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const projectFolder = resolve('.')

/**
 * Where the commands of one page run: a folder that looks like the project, a home of its own, `llm-gateway` on the path,
 * and a gateway with the demo provider. Ports 8080 and 8090 of the page are others here.
 */
export interface Scratch {
  folder: string
  /** Runs a command as the next one typed into the same shell; rejects where it fails. */
  command(text: string): Promise<string>
  /** Starts a command that stays, in place of the gateway that is there; resolves with what it printed when it answers. */
  server(text: string): Promise<string>
  /** Runs a module of JavaScript with the packages of the project. */
  program(text: string): Promise<string>
  /** A file the page shows. */
  file(name: string, text: string): Promise<void>
  close(): Promise<void>
}

/** A program from a page writes no file and starts no other program. */
const readOnly = ['--permission', '--allow-fs-read=*']

const adminToken = 'admin-token-of-the-documents'

export async function createScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-documents-'))
  const [port, other] = [await freePort(), await freePort()]
  await furnish(folder)
  const env = environment(folder, port)
  await writeFile(join(folder, '.environment'), '')
  await writeFile(join(folder, '.folder'), folder)
  let child: ChildProcess | undefined
  const here = (text: string): string => text.replaceAll(/\b8080\b/g, `${port}`).replaceAll(/\b8090\b/g, `${other}`)

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child?.once('exit', done))
    signalGroup(child, 'SIGTERM')
    await ended
  }

  async function server(text: string): Promise<string> {
    await stop()
    const script = `${restore(folder)}\n${here(text)}`
    const started = spawn('bash', ['-c', script], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    return untilItAnswers(started)
  }

  await server('llm-gateway')
  return {
    folder,
    server,
    async command(text) {
      const script = `${restore(folder)}\nset -e\n${here(text)}\n${keep(folder)}`
      const { stdout, stderr } = await run('bash', ['-c', script], { cwd: folder, env, timeout: 60_000 })
      return stdout + stderr
    },
    async program(text) {
      const { stdout } = await run(process.execPath, [...readOnly, '--input-type=module', '-e', here(text)], {
        cwd: folder,
        env,
      })
      return stdout
    },
    async file(name, text) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), here(text))
    },
    async close() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The project by links, so that what the commands write stays in the folder. */
async function furnish(folder: string): Promise<void> {
  const parts = ['package.json', 'gateway', 'build', 'dist', 'node_modules', 'deploy', 'gateway.example.yaml']
  await Promise.all(parts.map((part) => symlink(join(projectFolder, part), join(folder, part))))
  await mkdir(join(folder, 'bin'))
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(projectFolder, 'dist/headless/llm-gateway.mjs')}" "$@"\n`
  await writeFile(join(folder, 'bin/llm-gateway'), program)
  await chmod(join(folder, 'bin/llm-gateway'), 0o755)
  // An answer that says no is a command that failed.
  await writeFile(join(folder, '.curlrc'), 'fail-with-body\nsilent\nshow-error\nmax-time = 20\n')
}

function environment(folder: string, port: number): NodeJS.ProcessEnv {
  const path = [join(folder, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(':')
  return {
    PATH: path,
    HOME: folder,
    LLM_GATEWAY_PORT: `${port}`,
    LLM_GATEWAY_ADMIN_TOKEN: adminToken,
    npm_config_update_notifier: 'false',
  }
}

function restore(folder: string): string {
  return `. "${folder}/.environment"\ncd "$(cat "${folder}/.folder")"`
}

function keep(folder: string): string {
  return `export -p > "${folder}/.environment"\npwd > "${folder}/.folder"`
}

/** The processes of a shell are its group; nothing else is. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal)
}

function untilItAnswers(child: ChildProcess): Promise<string> {
  return new Promise((done, reject) => {
    let output = ''
    const look = (text: Buffer): void => {
      output += String(text)
      if (/listening/.test(output)) done(output)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it listened:\n${output}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
}
