import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { text as readText } from 'node:stream/consumers'
import { startGatewayProcess } from '../helpers/gateway.ts'
import { startDnsLog } from './dns-log.ts'
import type { InsideResult, InsideTask } from './isolated-run.ts'
import { startToolUpstream, type UpstreamExchange } from './tool-upstream.ts'

/**
 * Runs in a network of its own, where there is nothing but loopback: provider, gateway and client, until the client is
 * done. Argument: the folder with `task.json`, into which `result.json` is written.
 */
const folder = process.argv[2] ?? '.'
const task = JSON.parse(await readFile(`${folder}/task.json`, 'utf8')) as InsideTask
const names = new Set<string>()
const exchanges: UpstreamExchange[] = []
await startDnsLog(names)
await startToolUpstream({ port: task.upstreamPort, lastWords: task.lastWords, exchanges })
const gateway = await startGatewayProcess({ config: task.config, port: task.gatewayPort })
const ended = await runClient(task)
await gateway.stop()
const result: InsideResult = { ...ended, exchanges, names: [...names].sort(), gatewayLog: gateway.output() }
await writeFile(`${folder}/result.json`, JSON.stringify(result))
process.exit(0)

async function runClient({
  command,
  args,
  env,
  cwd,
  timeoutMs,
}: InsideTask): Promise<Pick<InsideResult, 'exitCode' | 'stdout' | 'stderr'>> {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
  const [stdout, stderr, code] = await Promise.all([readText(child.stdout), readText(child.stderr), exitCode])
  return { stdout, stderr, exitCode: code }
}
