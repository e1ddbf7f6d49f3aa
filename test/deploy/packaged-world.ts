import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { nativeName } from '../../build/end-to-end.ts'

export const nobody = 65_534

/** Whether the kernel lets others than root make the namespaces that Chromium's sandbox is built of. */
export function mayMakeSandbox(): boolean {
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  return spawnSync('unshare', ['-Ur', 'true'], { stdio: 'ignore', ...identity }).status === 0
}

/** The app below this folder, where every user may get at it: a clone may lie in a private one. */
export function reachableCopy(program: string, folder: string): string {
  chmodSync(folder, 0o755)
  const app = join(folder, 'for-all/app')
  copyApp(program, app)
  return join(app, basename(program))
}

/** Links where they can be made: the app is large. The driver of the end-to-end build lies beside it. */
export function copyApp(program: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  const from = dirname(program)
  linkOrCopy(from, to)
  linkOrCopy(join(from, '..', nativeName), join(to, '..', nativeName))
}

function linkOrCopy(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' })
  } catch {
    cpSync(from, to, { recursive: true, force: true, verbatimSymlinks: true })
  }
}

interface AsarFolder {
  files: Record<string, Partial<AsarFolder>>
}

/** Paths of all files: the archive begins with their names in JSON (https://github.com/electron/asar#format). */
export async function asarFiles(archive: string): Promise<string[]> {
  const handle = await open(archive)
  try {
    const sizes = Buffer.alloc(16)
    await handle.read(sizes, 0, 16, 0)
    const head = Buffer.alloc(sizes.readUInt32LE(12))
    await handle.read(head, 0, head.length, 16)
    return namesIn(JSON.parse(head.toString()) as AsarFolder, '')
  } finally {
    await handle.close()
  }
}

function namesIn({ files }: AsarFolder, path: string): string[] {
  return Object.entries(files).flatMap(([name, entry]) =>
    entry.files === undefined ? [path + name] : namesIn({ files: entry.files }, `${path}${name}/`),
  )
}
