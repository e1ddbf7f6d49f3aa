import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { asciiOnly, bundle, inlineLedgerThread, replaceFile, requireLine, source } from './bundle.ts'

/** What the end-to-end build does otherwise: build/end-to-end.ts. */
export interface AppVariant {
  plugins: Plugin[]
  /** Runs before everything else. */
  firstLines: string
}

const product: AppVariant = { plugins: [], firstLines: '' }

const external = ['electron', '@napi-rs/keyring']

/** The app's entry with all that it needs in one file, the preload script, and the tray's icons. */
export async function buildApp(folder: string, variant: AppVariant = product): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const { plugins } = variant
  const thread = await bundle({ input: source('gateway/stores/ledger-thread.ts'), plugins }, 'cjs')
  const inside = [...plugins, inlineLedgerThread(thread), replaceFile('gateway/built-ui.ts', 'build/ui-beside.ts')]
  const [main, preload] = await Promise.all([
    bundle({ input: source('main/main.ts'), plugins: inside, external }, 'esm'),
    bundle({ input: source('main/preload.ts'), external }, 'cjs'),
  ])
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'main.mjs'), asciiOnly(requireLine + variant.firstLines + main))
  await writeFile(join(folder, 'preload.cjs'), preload)
  await cp(source('build/icons/tray'), join(folder, 'icons'), { recursive: true })
  await cp(source('build/icons/256x256.png'), join(folder, 'icons/256.png'))
}
