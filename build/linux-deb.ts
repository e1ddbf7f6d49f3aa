#!/usr/bin/env node
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { controlFile, type PackageFacts } from './linux-deb-control.ts'

/**
 * Stands for `fpm` (CUSTOM_FPM_PATH): electron-builder says what goes where, and dpkg-deb, which every Debian has, packs
 * it. So the package is made the same way on every machine, without a download.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    s: { type: 'string', short: 's' },
    t: { type: 'string', short: 't' },
    d: { type: 'string', short: 'd', multiple: true },
    force: { type: 'boolean' },
    debug: { type: 'boolean' },
    log: { type: 'string' },
    architecture: { type: 'string' },
    'after-install': { type: 'string' },
    'after-remove': { type: 'string' },
    'before-remove': { type: 'string' },
    description: { type: 'string' },
    version: { type: 'string' },
    package: { type: 'string' },
    name: { type: 'string' },
    maintainer: { type: 'string' },
    vendor: { type: 'string' },
    url: { type: 'string' },
    license: { type: 'string' },
    category: { type: 'string' },
    'deb-priority': { type: 'string' },
    'deb-compression': { type: 'string' },
    'deb-recommends': { type: 'string', multiple: true },
  },
})
if (values.t !== 'deb') throw new Error(`Only a deb can be made here, not "${values.t ?? ''}".`)
const output = needed('package')
const tree = mkdtempSync(join(dirname(output), '.deb-'))
try {
  // The folder of a package is everybody's; mkdtemp makes private ones.
  chmodSync(tree, 0o755)
  for (const mapping of positionals) put(mapping)
  writeControl()
  const compression = process.env['LLM_GATEWAY_QUICK_DEB'] === '1' ? ['-Zgzip', '-z1'] : ['-Zxz']
  execFileSync('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, output], { stdio: 'inherit' })
} finally {
  rmSync(tree, { recursive: true, force: true })
}

type Option = Exclude<keyof typeof values, 'd' | 'deb-recommends' | 'force' | 'debug'>

function needed(name: Option): string {
  const value = values[name]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}

/** `from=to`; a folder that ends in a slash gives its content. */
function put(mapping: string): void {
  const at = mapping.lastIndexOf('=')
  const [from, to] = [mapping.slice(0, at), join(tree, mapping.slice(at + 1))]
  mkdirSync(dirname(to), { recursive: true })
  if (!statSync(from).isDirectory()) {
    cpSync(from, to)
    return chmodSync(to, 0o644)
  }
  // Links where they can be made: the app is large.
  try {
    execFileSync('cp', ['-al', from.replace(/\/$/, ''), to], { stdio: 'ignore' })
  } catch {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, force: true })
  }
}

function writeControl(): void {
  const facts: PackageFacts = {
    name: needed('name'),
    version: needed('version'),
    architecture: needed('architecture'),
    maintainer: needed('maintainer'),
    homepage: needed('url'),
    description: needed('description'),
    priority: needed('deb-priority'),
    depends: values.d ?? [],
    recommends: values['deb-recommends'] ?? [],
    installedBytes: bytesIn(tree),
  }
  const folder = join(tree, 'DEBIAN')
  mkdirSync(folder)
  writeFileSync(join(folder, 'control'), controlFile(facts))
  const scripts = { postinst: 'after-install', postrm: 'after-remove', prerm: 'before-remove' } as const
  for (const [name, option] of Object.entries(scripts)) {
    const file = values[option]
    if (file !== undefined) writeFileSync(join(folder, name), readFileSync(file), { mode: 0o755 })
  }
}

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
