import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { load, type LoadResult } from './load.ts'

/**
 * npm run bench: the built gateway with its whole pipeline on, beside the floor (Fastify and undici, bytes through) and
 * Portkey from npm, in front of one mock, in alternating rounds; prints medians and ratios. About two minutes.
 * The long form with a C load generator and more suites is described in docs/performance.md.
 */
const root = join(import.meta.dirname, '../..')
const folder = join(root, '.cache/bench')
const rounds = 3
const seconds = 3
const mockPort = 9180
const canPin = cpus().length > 1 && isThere('taskset')

interface Contestant {
  name: string
  port: number
  argv: string[]
  headers?: Record<string, string>
  env?: Record<string, string>
}

interface Setting {
  name: string
  connections: number
  bodyBytes: number
}

const settings: Setting[] = [
  { name: '1 KB, 16 connections', connections: 16, bodyBytes: 1000 },
  { name: '1 KB, 64 connections', connections: 64, bodyBytes: 1000 },
  { name: '100 KB, 16 connections', connections: 16, bodyBytes: 100_000 },
]

const children: ChildProcess[] = []
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')))

await mkdir(folder, { recursive: true })
execFileSync(process.execPath, [join(root, 'build/build.ts')], { stdio: 'inherit', cwd: root })
// The load and the mock share a core, the contestant has one of its own.
if (canPin) execFileSync('taskset', ['-pc', '1', String(process.pid)])
start([join(import.meta.dirname, 'mock.ts'), String(mockPort)], '1')
const contestants = [bare(), await gateway(), ...portkey()]
for (const { argv, env } of contestants) start(argv, '0', env)
await wait(2500)
for (const setting of settings) await race(setting)
process.exit(0)

async function race(setting: Setting): Promise<void> {
  const results = new Map<string, LoadResult[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const result = await load({ ...setting, port: contestant.port, seconds, headers: contestant.headers ?? {} })
      // The first round is for the compilers.
      if (round > 0) results.get(contestant.name)?.push(result)
    }
  }
  print(setting, results)
}

function print(setting: Setting, results: Map<string, LoadResult[]>): void {
  const floor = median(results.get('bare')?.map(({ requestsPerSecond }) => requestsPerSecond) ?? [])
  console.log(`\n${setting.name}`)
  console.table(
    [...results].map(([name, rows]) => {
      const speed = median(rows.map(({ requestsPerSecond }) => requestsPerSecond))
      return {
        name,
        'requests/s': Math.round(speed),
        'x bare': Number((speed / floor).toFixed(2)),
        'p50 ms': Number(median(rows.map(({ p50 }) => p50)).toFixed(2)),
        'p99 ms': Number(median(rows.map(({ p99 }) => p99)).toFixed(2)),
        errors: rows.reduce((sum, { errors }) => sum + errors, 0),
      }
    }),
  )
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function bare(): Contestant {
  return {
    name: 'bare',
    port: 9181,
    argv: [join(import.meta.dirname, 'bare.ts'), '9181', `http://127.0.0.1:${mockPort}`],
  }
}

async function gateway(): Promise<Contestant> {
  const config = join(folder, 'gateway.yaml')
  await writeFile(
    config,
    `providers: [{ name: openai, apiKey: sk-bench, baseUrl: "http://127.0.0.1:${mockPort}/v1", models: [gpt-4o-mini] }]
rateLimit: { enabled: true, global: { requests: 1000000000, window: 1m } }
logging: { level: warn }
`,
  )
  const file = join(root, 'dist/headless/llm-gateway.mjs')
  return {
    name: 'llm-gateway',
    port: 9182,
    argv: [file, '--config', config, '--port', '9182', '--data-dir', join(folder, 'data')],
  }
}

/** Installed beside the project on the first run; left out where the registry does not answer. */
function portkey(): Contestant[] {
  const script = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  try {
    if (!existsSync(script)) {
      const argv = [
        'install',
        '--prefix',
        folder,
        '--no-save',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '@portkey-ai/gateway@1.15.2',
      ]
      execFileSync('npm', argv, { stdio: 'ignore', timeout: 180_000 })
    }
  } catch {
    console.log('Portkey could not be installed from npm: it is left out.')
    return []
  }
  const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${mockPort}/v1` }
  return [
    {
      name: 'portkey',
      port: 9183,
      argv: [script, '--port=9183', '--headless'],
      headers: { ...headers, authorization: 'Bearer sk-bench' },
    },
  ]
}

function start(argv: string[], core: string, env: Record<string, string> = {}): void {
  const command = canPin ? ['taskset', '-c', core, process.execPath, ...argv] : [process.execPath, ...argv]
  const options = { stdio: 'ignore', cwd: folder, env: { ...process.env, NODE_ENV: 'production', ...env } } as const
  children.push(spawn(command[0] as string, command.slice(1), options))
}

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
