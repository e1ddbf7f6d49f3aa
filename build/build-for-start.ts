import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { buildApp } from './build-app.ts'
import { buildRenderer, rendererFolder } from './build-renderer.ts'
import { source } from './bundle.ts'
import { electronVersion, needsEndToEndBuild } from './electron-runtime.ts'
import { isStale } from './stale.ts'

/** Builds what is not of these sources; answers the app's entry that this Electron can run. */
export async function buildForStart(electron: string): Promise<string> {
  const isOld = needsEndToEndBuild(electronVersion(electron))
  const folder = source(isOld ? 'dist/end-to-end/main' : 'dist/main')
  const main = join(folder, 'main.mjs')
  const sources = ['main', 'gateway', 'build', 'test/e2e/open-database-better.ts', 'package.json'].map(source)
  const isMainStale = await isStale(main, sources)
  await buildStaleUi()
  if (isMainStale) await buildApp(folder, isOld ? (await import('./end-to-end.ts')).endToEnd : undefined)
  if (isOld) await linkRenderer(folder)
  return main
}

/** The window lies beside dist/main. */
async function linkRenderer(folder: string): Promise<void> {
  const link = join(folder, '../renderer')
  await rm(link, { recursive: true, force: true })
  await symlink(rendererFolder, link)
}

export async function buildStaleUi(): Promise<void> {
  const sources = ['renderer', 'gateway/contract.ts', 'vite.config.ts', 'package.json'].map(source)
  if (await isStale(join(rendererFolder, 'index.html'), sources)) await buildRenderer()
}
