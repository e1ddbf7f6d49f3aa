import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { inject } from 'postject'
import { rendererFolder } from './build-renderer.ts'
import { asciiOnly, bundle, inlineLedgerThread, replaceFile, root, source } from './bundle.ts'
import { packUi, readFolder } from './pack-ui.ts'

/**
 * dist/single-executable/llm-gateway: Node and the whole gateway in one program, for machines without Node. Made for the
 * system it is made on (https://nodejs.org/api/single-executable-applications.html). Needs `npm run build` before.
 */
const folder = source('dist/single-executable')
const program = join(folder, process.platform === 'win32' ? 'llm-gateway.exe' : 'llm-gateway')
if (!existsSync(rendererFolder)) throw new Error('There is no window to pack: run `npm run build` first.')
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
await copyFile(process.execPath, program)
await chmod(program, 0o755)
await inject(program, 'NODE_SEA_BLOB', await makeBlob(), {
  sentinelFuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2',
})
console.log(`${relative(root, program)} ${((await stat(program)).size / 1024 / 1024).toFixed(1)} MB`)

async function makeBlob(): Promise<Buffer> {
  const files = { main: join(folder, 'main.cjs'), ui: join(folder, 'ui.txt'), blob: join(folder, 'program.blob') }
  await writeFile(files.main, await programCode())
  await writeFile(files.ui, packUi(await readFolder(rendererFolder)))
  const config = join(folder, 'sea.json')
  const settings = {
    main: files.main,
    output: files.blob,
    assets: { ui: files.ui },
    disableExperimentalSEAWarning: true,
    // Compiled code for this Node alone, which is the one that it is packed with.
    useCodeCache: true,
  }
  await writeFile(config, JSON.stringify(settings))
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  const blob = await readFile(files.blob)
  await Promise.all([config, ...Object.values(files)].map((file) => rm(file)))
  return blob
}

async function programCode(): Promise<string> {
  const thread = await bundle({ input: source('gateway/stores/ledger-thread.ts') }, 'cjs')
  const plugins = [inlineLedgerThread(thread), replaceFile('gateway/built-ui.ts', 'build/single-executable-ui.ts')]
  // A server has no keychain.
  const external = ['@napi-rs/keyring']
  return asciiOnly(await bundle({ input: source('build/single-executable-entry.ts'), plugins, external }, 'cjs'))
}
