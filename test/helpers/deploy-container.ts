import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuiltImage } from './deploy-image.ts'

export interface ContainerOptions {
  /** As `-e`. */
  env?: Record<string, string>
  /** As `-v SOURCE:TARGET`, a file or a folder. */
  mounts?: { source: string; target: string; readOnly?: boolean }[]
  /** As `--network none`; else the machine's own. */
  ownNetwork?: boolean
  /** As `--user UID:GID`; else what the image says. */
  user?: string
  /** After the image's own command. */
  args?: string[]
}

export interface ContainerRun {
  exitCode: number | null
  output: string
}

export interface Container {
  /** The port at which it says it listens, on the loopback address. */
  url: string
  /** All that it has printed so far. */
  output(): string
  /** Runs a command inside, as `docker exec` does. */
  exec(command: string[]): ContainerRun
  /** Sends a signal to its process 1. */
  signal(name: NodeJS.Signals): void
  /** SIGTERM to its process 1, as `docker stop` does, and what that ends with. */
  stop(): Promise<number | null>
}

/**
 * `docker run --read-only --security-opt no-new-privileges` of an unpacked image, by util-linux alone: it works where no
 * container may be started in a container. $0 is the image's root; then `own` or `shared` (the network), source, target
 * and mode of each mount, `--`, and what to run.
 */
const enter = `set -eu
mount --make-rprivate /
mkdir -p "$0/proc" "$0/dev"
mount --bind "$0" "$0"
mount -o remount,bind,ro "$0"
mount -t proc proc "$0/proc"
mount -t tmpfs -o mode=755 tmpfs "$0/dev"
for device in null zero random urandom; do : >"$0/dev/$device"; mount --bind "/dev/$device" "$0/dev/$device"; done
if [ "$1" = own ]; then ip link set lo up; fi
shift
while [ "$1" != -- ]; do mount --bind "$1" "$0$2"; mount -o "remount,bind,$3" "$0$2"; shift 3; done
shift
exec setpriv --no-new-privs "$@"`

export async function startContainer(image: BuiltImage, options: ContainerOptions = {}): Promise<Container> {
  const { child, output, exitCode } = launch(image, options)
  const url = await listening(child, output, exitCode)
  const inner = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim())
  let isOver = false
  void exitCode.finally(() => (isOver = true))
  const signal = (name: NodeJS.Signals): void => {
    if (!isOver) process.kill(inner, name)
  }
  return {
    url,
    output,
    signal,
    exec: (command) => execInside(inner, command, { image, options }),
    stop() {
      signal('SIGTERM')
      return exitCode
    },
  }
}

/** One that ends by itself. */
export async function runContainer(image: BuiltImage, options: ContainerOptions = {}): Promise<ContainerRun> {
  const { exitCode, output } = launch(image, options)
  return { exitCode: await exitCode, output: output() }
}

interface Launched {
  child: ChildProcess
  output: () => string
  exitCode: Promise<number | null>
}

function launch(image: BuiltImage, options: ContainerOptions): Launched {
  const { mounts = [], ownNetwork = false, args = [] } = options
  const made = mounts.flatMap(({ target }) => makeMountPoint(join(image.rootFolder, target)))
  const { config, rootFolder } = image
  const [uid, gid] = userOf(image, options)
  const become = [
    'unshare',
    `--root=${rootFolder}`,
    `--wd=${config.WorkingDir}`,
    '--setgid',
    gid,
    '--setuid',
    uid,
    '--',
  ]
  const command = [...become, ...config.Entrypoint, ...(config.Cmd ?? []), ...args]
  const volumes = mounts.flatMap(({ source, target, readOnly }) => [source, target, readOnly === true ? 'ro' : 'rw'])
  const spaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', ...(ownNetwork ? ['--net'] : [])]
  const inside = ['/bin/sh', '-c', enter, rootFolder, ownNetwork ? 'own' : 'shared', ...volumes, '--', ...command]
  const child = spawn('unshare', [...spaces, '--', ...inside], {
    env: environmentOf(image, options),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      for (const file of made) rmSync(file)
      resolve(code)
    })
  })
  return { child, output: () => text, exitCode }
}

/** An image has the folders that it expects; for a file an empty one is put there while it runs, as Docker does. */
function makeMountPoint(file: string): string[] {
  if (existsSync(file)) return []
  writeFileSync(file, '')
  return [file]
}

function userOf({ config }: BuiltImage, { user }: ContainerOptions): [string, string] {
  const [uid = '', gid = uid] = (user ?? config.User).split(':')
  return [uid, gid]
}

/** Nothing of the machine's own. */
function environmentOf({ config }: BuiltImage, { env }: ContainerOptions): Record<string, string> {
  const own = config.Env.map((line): [string, string] => {
    const at = line.indexOf('=')
    return [line.slice(0, at), line.slice(at + 1)]
  })
  return { ...Object.fromEntries(own), ...env }
}

function execInside(
  pid: number,
  command: string[],
  { image, options }: { image: BuiltImage; options: ContainerOptions },
): ContainerRun {
  const [uid, gid] = userOf(image, options)
  const into = [
    '--target',
    String(pid),
    '--mount',
    '--pid',
    '--net',
    '--root',
    '--wd',
    '--setgid',
    gid,
    '--setuid',
    uid,
  ]
  const { status, stdout, stderr } = spawnSync('nsenter', [...into, '--', ...command], {
    env: environmentOf(image, options),
    encoding: 'utf8',
  })
  return { exitCode: status, output: `${stdout}${stderr}` }
}

function listening(child: ChildProcess, output: () => string, exitCode: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const port = /"url":"http:\/\/[^"]*:(\d+)"[^\n]*"listening"/.exec(output())?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
    exitCode.then((code) => reject(new Error(`the container ended with ${code}:\n${output()}`)), reject)
  })
}
