import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { packagedProgram } from './packaged-program.ts'

/**
 * Runs what was built as its users do, on any system, and ends with 1 when something is wrong:
 * `node build/smoke.ts PROGRAM [ARGUMENT...]` starts a gateway without a window, asks it, and ends it.
 * `node build/smoke.ts --packaged DIR` does that with the packaged app in DIR, and then opens its window.
 */
const patienceMs = 60_000
const [first = '', ...rest] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-smoke-'))
try {
  if (first === '--packaged') await smokeApp(packagedProgram(rest[0] ?? 'dist/packages', existsSync, readdirSync))
  else await smokeGateway(first, rest)
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}

async function smokeApp(program: string): Promise<void> {
  await smokeGateway(program, ['--no-ui'])
  await smokeWindow(program)
}

async function smokeGateway(program: string, args: readonly string[]): Promise<void> {
  const port = await freePort()
  const child = start(program, [...args, '--port', String(port), '--data-dir', join(folder, 'headless')])
  await answers(`http://127.0.0.1:${port}/health`, child)
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello!' }] }),
  })
  const text = await response.text()
  if (!text.includes('Hello!')) throw new Error(`It answered ${response.status}: ${text}`)
  await end(child)
  console.log(`${program}: answered, and ended`)
}

async function smokeWindow(program: string): Promise<void> {
  const [port, debugPort] = [await freePort(), await freePort()]
  const flags = ['--port', String(port), '--data-dir', join(folder, 'window'), `--remote-debugging-port=${debugPort}`]
  // Chromium does not run as root in its sandbox.
  const child = start(program, [...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])])
  await answers(`http://127.0.0.1:${port}/health`, child)
  await until(async () => {
    const pages = (await (await fetch(`http://127.0.0.1:${debugPort}/json/list`)).json()) as { url: string }[]
    return pages.some(({ url }) => url.startsWith('app://ui/'))
  }, child)
  await end(child)
  console.log(`${program}: its window opened`)
}

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** Windows has no signal that asks: there a process is ended, without a code of its own. */
async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const [code] = (await exit) as [number | null]
  if (process.platform !== 'win32' && code !== 0) throw new Error(`It ended with ${code ?? 'a signal'} instead of 0.`)
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  await until(async () => (await fetch(url)).headers.has('x-llm-gateway'), child)
}

async function until(isSo: () => Promise<boolean>, child: ChildProcess): Promise<void> {
  for (const start = performance.now(); performance.now() - start < patienceMs; await setTimeout(100)) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`)
    if (await isSo().catch(() => false)) return
  }
  child.kill('SIGKILL')
  throw new Error(`It was not ready within ${patienceMs / 1000} seconds.`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
