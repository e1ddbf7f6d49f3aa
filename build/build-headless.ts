import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { asciiOnly, bundle, inlineLedgerThread, replaceFile, requireLine, source } from './bundle.ts'
import { packUi, readFolder } from './pack-ui.ts'

export const headlessFile = source('dist/headless/llm-gateway.mjs')

/** dist/headless/llm-gateway.mjs: the whole gateway in one file, which runs with plain Node 24 anywhere. */
export async function buildHeadless(uiFolder: string | undefined): Promise<void> {
  await rm(dirname(headlessFile), { recursive: true, force: true })
  const thread = await bundle({ input: source('gateway/stores/ledger-thread.ts') }, 'cjs')
  const plugins = [inlineLedgerThread(thread), replaceFile('gateway/built-ui.ts', 'build/embedded-ui.ts')]
  // A server has no keychain.
  const external = ['@napi-rs/keyring']
  const code = await bundle({ input: source('gateway/cli.ts'), plugins, external }, 'esm')
  // Also without files: what is read from the end of the program is then surely this line.
  const ui = packUi(uiFolder === undefined ? new Map() : await readFolder(uiFolder))
  await mkdir(dirname(headlessFile), { recursive: true })
  await writeFile(headlessFile, asciiOnly(withRequire(code)) + ui, { mode: 0o755 })
}

function withRequire(code: string): string {
  const shebang = /^#!.*\n/.exec(code)?.[0] ?? '#!/usr/bin/env node\n'
  return shebang + requireLine + code.slice(code.startsWith('#!') ? code.indexOf('\n') + 1 : 0)
}
