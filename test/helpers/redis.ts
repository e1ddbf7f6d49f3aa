import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Redis of the test's own (Debian's redis-server) on a loopback port, in memory only. */
export interface TestRedis {
  /** `redis://127.0.0.1:PORT` */
  url: string
  port: number
  /** A second port that was free, for what `args` made of it. */
  beside: number
  signal(signal: NodeJS.Signals): void
  /** Ends it at once and waits until it is gone. */
  kill(): Promise<void>
  /** Starts it again on its port, empty. */
  restart(): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
}

/** `.ci/run` sets CI and installs it there: a test that is left out there would be a lie. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis) console.log('redis: no redis-server is installed (apt-get install redis-server); its tests are skipped')

/** `argsOf` is given the second port. */
export async function startRedis(argsOf: string[] | ((beside: number) => string[]) = []): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-redis-'))
  const started = await launchSomewhere(folder, typeof argsOf === 'function' ? argsOf : () => argsOf)
  const { port, beside, args } = started
  let { child } = started
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    beside,
    signal: (signal) => void child.kill(signal),
    kill,
    async restart() {
      child = await launch(port, folder, args)
    },
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const mostTries = 5

/** A port that was free a moment ago may be somebody's by now. */
async function launchSomewhere(folder: string, argsOf: (beside: number) => string[]) {
  for (let tries = 1; ; tries += 1) {
    const [port, beside] = await freePorts()
    const args = argsOf(beside)
    try {
      return { port, beside, args, child: await launch(port, folder, args) }
    } catch (error) {
      if (tries === mostTries) throw error
    }
  }
}

async function launch(port: number, folder: string, args: string[]): Promise<ChildProcess> {
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  // Theirs first: a file of settings must be.
  const child = spawn('redis-server', [...args, ...where, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
  }
  return child
}

/** Also an error is an answer: it may want a password. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const end = (value: boolean): void => {
      socket.destroy()
      resolve(value)
    }
    socket.once('data', () => end(true))
    // A refused connection comes back at once: a breath, so that the server gets to start.
    socket.once('error', () => setTimeout(end, 10, false))
    socket.once('close', () => setTimeout(end, 10, false))
  })
}

/** Held together, so that they are two. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer().listen(0, '127.0.0.1'), createServer().listen(0, '127.0.0.1')] as const
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const [one, other] = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return [one as number, other as number]
}
