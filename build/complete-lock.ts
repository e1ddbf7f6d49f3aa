import { readFile, writeFile } from 'node:fs/promises'

/**
 * Some registries do not serve the builds of tools for other platforms, and npm then leaves them out of the lock file,
 * which `npm ci` refuses. This adds what is missing: name, version and for which machine, as the packages' own names say.
 * They have no integrity hash; where a full registry is at hand, `npm install --package-lock-only` writes the real thing.
 * Run after every change of dependencies: node build/complete-lock.ts
 */
const file = 'package-lock.json'
const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'netbsd', 'openbsd', 'sunos', 'aix']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'wasm32', 'loong64', 'mips64el']

interface LockEntry {
  version?: string
  os?: string[]
  cpu?: string[]
  libc?: string[]
  dev?: boolean
  optional?: boolean
  optionalDependencies?: Record<string, string>
  engines?: Record<string, string>
}

const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, LockEntry> }
let added = 0
for (const [at, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!/^\d+\.\d+\.\d+$/.test(version) || isLocked(at, name, version)) continue
    const top = `node_modules/${name}`
    // Another version of it is there already: this one belongs to the package that wants it.
    lock.packages[top in lock.packages ? `${at}/${top}` : top] = missingEntry(name, version)
    added += 1
  }
}
// npm may be run by another Node than the one that the project brings, and would leave out what is optional and asks for a
// newer one.
const better = lock.packages['node_modules/better-sqlite3']
delete better?.engines
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
await writeFile(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
console.log(`${added} packages added to ${file}`)

function isLocked(at: string, name: string, version: string): boolean {
  return [`${at}/node_modules/${name}`, `node_modules/${name}`].some((key) => lock.packages[key]?.version === version)
}

function missingEntry(name: string, version: string): LockEntry {
  const words = (name.split('/').at(-1) ?? '').split('-')
  const os = words.filter((word) => systems.includes(word))
  const cpu = words.filter((word) => processors.includes(word))
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') && os.includes('linux') ? ['glibc'] : undefined
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    dev: true,
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
}
