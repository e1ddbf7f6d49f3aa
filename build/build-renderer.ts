import { existsSync } from 'node:fs'
import { build } from 'vite'
import { source } from './bundle.ts'

export const rendererFolder = source('dist/renderer')

/** dist/renderer: the window. */
export async function buildRenderer(): Promise<void> {
  if (!existsSync(source('renderer/index.html'))) return
  await build({ configFile: source('vite.config.ts'), logLevel: 'warn' })
}
