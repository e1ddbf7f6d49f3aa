import { existsSync } from 'node:fs'
import { describe } from 'vitest'
import { chromiumFile } from './headless-gateway.ts'

/** Tests that need a browser; without one a single line says why they did not run. */
export function pagesSuite(name: string, body: () => void): void {
  const hasBrowser = existsSync(chromiumFile)
  if (!hasBrowser) console.warn(`skipped: ${name} (there is no ${chromiumFile})`)
  describe.skipIf(!hasBrowser)(name, body)
}
