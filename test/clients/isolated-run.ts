import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { nameServer } from './dns-log.ts'
import type { UpstreamExchange } from './tool-upstream.ts'

const run = promisify(execFile)

export interface InsideTask {
  command: string
  args: string[]
  env: Record<string, string>
  cwd: string
  timeoutMs: number
  /** gateway.yaml, as the object it stands for. */
  config: object
  /** What the provider says in the end. */
  lastWords: string
  gatewayPort: number
  upstreamPort: number
}

export interface InsideResult {
  /** null: it took too long and was killed. */
  exitCode: number | null
  stdout: string
  stderr: string
  /** What came to the provider. */
  exchanges: UpstreamExchange[]
  /** Names that somebody asked the name server for; none was resolved. */
  names: string[]
  gatewayLog: string
}

/** One client's turn: what to run, and the files it wants in its home. */
export interface ClientTurn {
  command: string
  args: string[]
  env: Record<string, string>
  /** Path below the home folder -> text. */
  files: Record<string, string>
}

export interface Isolated {
  result: InsideResult
  /** Text of a file the agent's tool left in its working folder. */
  leftBehind: (name: string) => Promise<string | undefined>
  remove: () => Promise<void>
}

/** The same in every run: each has a network of its own. */
export const gatewayPort = 18_080
export const upstreamPort = 18_081

const timeoutMs = 90_000

/** Never resolves a name or reaches an address but this machine's own. */
export async function runIsolated(turn: ClientTurn, config: object, lastWords: string): Promise<Isolated> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-client-'))
  const home = join(folder, 'home')
  const cwd = join(folder, 'work')
  await Promise.all([mkdir(home), mkdir(cwd)])
  for (const [path, text] of Object.entries(turn.files)) {
    await mkdir(dirname(join(home, path)), { recursive: true })
    await writeFile(join(home, path), text)
  }
  const env = { ...basicEnvironment(home), ...turn.env }
  const task: InsideTask = { ...turn, env, cwd, config, lastWords, timeoutMs, gatewayPort, upstreamPort }
  await writeFile(join(folder, 'task.json'), JSON.stringify(task))
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${nameServer}\n`)
  await run('unshare', [...ownNetwork, 'sh', '-c', enter, 'sh', folder, process.execPath], {
    timeout: timeoutMs + 60_000,
  })
  const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as InsideResult
  return {
    result,
    leftBehind: (name) => readFile(join(cwd, name), 'utf8').catch(() => undefined),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** Only root may have namespaces as it is; others become root in one of their own. */
const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
/** Its own network, mounts and processes: what a client leaves running ends with it. */
const ownNetwork = [...asRoot, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
const enter =
  'ip link set lo up && mount --bind "$1/resolv.conf" /etc/resolv.conf && exec "$2" test/clients/inside.ts "$1"'

/** Why clients cannot be run in a network of their own here; undefined: they can. */
export async function isolationProblem(): Promise<string | undefined> {
  try {
    await run('unshare', [...ownNetwork, 'sh', '-c', 'ip link set lo up'])
    return undefined
  } catch (error) {
    return `no network of their own for them (unshare): ${(error as Error).message.trim().split('\n').at(-1)}`
  }
}

function basicEnvironment(home: string): Record<string, string> {
  const node = dirname(resolve(process.execPath))
  return {
    PATH: [node, '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(delimiter),
    HOME: home,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
  }
}
