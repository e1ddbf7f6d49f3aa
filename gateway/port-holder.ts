import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** Who listens on a local TCP port, in words, as far as this user may know. Never throws. */
export async function describePortHolder(port: number): Promise<string> {
  const [ours, holder] = await Promise.all([findGatewayVersion(port), findProcess(port)])
  const process = holder === undefined ? undefined : `${holder.name} (process ${holder.pid})`
  if (ours !== undefined) return `another LLM Gateway, version ${ours}${process === undefined ? '' : `, ${process}`}`
  return process ?? 'another program'
}

interface Holder {
  pid: string
  name: string
}

/** The version of the gateway that answers at this port; undefined: it is none of ours. */
export async function findGatewayVersion(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(500) })
    if (response.headers.get('x-llm-gateway') === null) return undefined
    const { version } = (await response.json()) as { version?: unknown }
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

async function findProcess(port: number): Promise<Holder | undefined> {
  try {
    return process.platform === 'linux' ? await findOnLinux(port) : await findByLsof(port)
  } catch {
    return undefined
  }
}

/** The socket's inode from /proc/net, then the process that has it open. Other users' processes stay unknown. */
async function findOnLinux(port: number): Promise<Holder | undefined> {
  const inodes = new Set((await Promise.all([listening('tcp', port), listening('tcp6', port)])).flat())
  if (inodes.size === 0) return undefined
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await hasSocket(pid, inodes)) return { pid, name: await programName(pid) }
  }
  return undefined
}

/** From the command line: the kernel's own name is the main thread's, and Node calls that "MainThread". */
async function programName(pid: string): Promise<string> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  return basename(words[0] ?? '') || (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
}

const listenState = '0A'

async function listening(table: string, port: number): Promise<string[]> {
  const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === listenState)
    .flatMap((fields) => fields[9] ?? [])
}

async function hasSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode !== undefined && inodes.has(inode)) return true
  }
  return false
}

async function findByLsof(port: number): Promise<Holder | undefined> {
  const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    timeout: 2000,
  })
  const pid = /^p(\d+)$/m.exec(stdout)?.[1]
  const name = /^c(.+)$/m.exec(stdout)?.[1]
  return pid === undefined || name === undefined ? undefined : { pid, name }
}
