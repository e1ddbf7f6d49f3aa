import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * npm installs the keychain's native part for the machine it runs on. An installer for another architecture needs that
 * one's: `node build/keychain-parts.ts --install` puts it beside, and build/make-installers.ts refuses to do without.
 */
const root = join(import.meta.dirname, '..')

/** Name of the package, e.g. `@napi-rs/keyring-linux-arm64-gnu`. */
export function keychainPart(platform: NodeJS.Platform, arch: string): string {
  const suffix = platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : ''
  return `@napi-rs/keyring-${platform}-${arch}${suffix}`
}

export function missingParts(architectures: readonly string[]): string[] {
  const names = architectures.map((arch) => keychainPart(process.platform, arch))
  return names.filter((name) => !existsSync(join(root, 'node_modules', name)))
}

if (import.meta.main && process.argv.includes('--install')) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  const wanted = missingParts(['x64', 'arm64']).map((name) => {
    const locked = lock.packages[`node_modules/${name}`]
    if (locked === undefined) throw new Error(`package-lock.json does not name ${name}.`)
    return `${name}@${locked.version}`
  })
  // --force: they say that they are not for this machine, which is true.
  const args = ['install', '--no-save', '--force', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted]
  if (wanted.length > 0) execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
}
