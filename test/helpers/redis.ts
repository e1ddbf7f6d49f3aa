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

export async function startRedis(args: string[] = []): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-redis-'))
  const port = await freePort()
  let child = await launch(port, folder, args)
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
