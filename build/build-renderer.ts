import { existsSync } from 'node:fs'
import { build } from 'vite'
import { source } from './bundle.ts'

export const rendererFolder = source('dist/renderer')

/** dist/renderer: the window. */
export async function buildRenderer(): Promise<void> {
  if (!existsSync(source('renderer/index.html'))) return
  const before = process.env['NODE_ENV']
  // A test runner says `test`, and then React's development build would be packed.
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ configFile: source('vite.config.ts'), logLevel: 'warn' })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}
