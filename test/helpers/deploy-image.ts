import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the image says about itself, as Docker names it. */
export interface ImageConfig {
  User: string
  Env: string[]
  Entrypoint: string[]
  Cmd: string[]
  WorkingDir: string
  Volumes: Record<string, object>
  ExposedPorts: Record<string, object>
  Labels: Record<string, string>
  Healthcheck: { Test: string[]; Interval: number; Timeout: number; StartPeriod: number; Retries: number }
  StopSignal: string
}

export interface BuiltImage {
  /** Its file system, unpacked. */
  rootFolder: string
  config: ImageConfig
  /** Of all files in it, not compressed. */
  bytes: number
  remove(): void
}

const tools = ['buildah', 'mmdebstrap', 'unshare', 'nsenter', 'setpriv', 'ip']

/** In one line; undefined: images can be built and run here. */
export function whyNoImages(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'images are only built on Linux and as root'
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined)
  if (missing.length > 0) {
    return `${missing.join(', ')} missing (apt-get install buildah mmdebstrap util-linux iproute2)`
  }
  if (!/^ID=debian$/m.test(osRelease())) return 'this is not Debian: there are no apt sources to make a base from'
  if (spawnSync('unshare', ['--mount', '--pid', '--net', '--fork', 'true']).status !== 0) {
    return 'no namespaces may be made here (CAP_SYS_ADMIN is missing)'
  }
  return undefined
}

/** deploy/docker/Dockerfile on a Debian made here from the machine's own apt sources, with Node from node_modules. */
export function buildImage(): BuiltImage {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-image-'))
  try {
    const buildah = buildahIn(folder)
    buildBase(folder, buildah)
    const given = ['--build-arg', 'NODE_IMAGE=localhost/base', '--build-arg', 'PROGRAM=given']
    buildah('build', ...building, ...given, '-f', 'deploy/docker/Dockerfile', '-t', 'localhost/llm-gateway', '.')
    const rootFolder = buildah('mount', buildah('from', 'localhost/llm-gateway'))
    const inspected = buildah('inspect', '--type', 'image', 'localhost/llm-gateway')
    const { config } = (JSON.parse(inspected) as { Docker: { config: ImageConfig } }).Docker
    return { rootFolder, config, bytes: bytesIn(rootFolder), remove: () => rmSync(folder, { recursive: true }) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** No daemon, no namespaces, and Docker's format, since OCI's has no HEALTHCHECK. */
const building = ['--isolation', 'chroot', '--format', 'docker', '--quiet']

type Buildah = (...args: string[]) => string

function buildahIn(folder: string): Buildah {
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs']
  return (...args) => execFileSync('buildah', [...storage, ...args], { encoding: 'utf8' }).trim()
}

/** What node:24-slim is to others: here neither it nor a registry is at hand. It has no shell either. */
function buildBase(folder: string, buildah: Buildah): void {
  const packages = '--include=libc6,libstdc++6,libgcc-s1'
  const target = join(folder, 'base.tar')
  const args = ['--quiet', '--mode=root', '--variant=extract', packages, ...aptOptions(), codename(), target]
  execFileSync('mmdebstrap', [...args, ...aptSources()], { stdio: ['ignore', 'ignore', 'pipe'] })
  copyFileSync('node_modules/node/bin/node', join(folder, 'node'))
  const lines = ['FROM scratch', 'ADD base.tar /', 'COPY node /usr/local/bin/node', 'ENV PATH=/usr/local/bin']
  writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
  buildah('build', ...building, '-f', join(folder, 'Dockerfile'), '-t', 'localhost/base', folder)
}

function osRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

function codename(): string {
  return /^VERSION_CODENAME=(.+)$/m.exec(osRelease())?.[1] ?? 'stable'
}

/** Those of this Debian; other makers' are left out. */
function aptSources(): string[] {
  const folder = '/etc/apt/sources.list.d'
  const more = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  const ours = new RegExp(`(^deb .*|^Suites:.*) ${codename()}(\\s|$)`, 'm')
  return ['/etc/apt/sources.list', ...more]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .filter((file) => ours.test(readFileSync(file, 'utf8')))
}

/** mmdebstrap does not look at the machine's: its proxy, and what it thinks of the date of a mirror. */
function aptOptions(): string[] {
  const dump = execFileSync('apt-config', ['dump'], { encoding: 'utf8' })
  const wanted = dump.split('\n').filter((line) => /^Acquire::(Check|https?)\S* "[^"]+";$/.test(line))
  return wanted.map((line) => `--aptopt=${line}`)
}

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.reduce((sum, file) => {
    const stats = lstatSync(join(folder, file))
    return sum + (stats.isFile() ? stats.size : 0)
  }, 0)
}
