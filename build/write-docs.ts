import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generatedConfiguration } from './docs-configuration.ts'
import { generatedOpenApi } from './docs-openapi.ts'
import { generatedProviders } from './docs-providers.ts'

/** Writes those parts of the documents that follow from the code. Run: npm run docs */

/** Each takes the page as it is and answers it as it should be. */
export const generatedPages: Record<string, (text: string) => string> = {
  'docs/configuration.md': generatedConfiguration,
  'docs/openapi.json': generatedOpenApi,
  'docs/providers.md': generatedProviders,
}

async function writePages(): Promise<void> {
  for (const [page, generated] of Object.entries(generatedPages)) {
    const file = join(import.meta.dirname, '..', page)
    await writeFile(file, generated(await readFile(file, 'utf8')))
  }
}

if (import.meta.main) await writePages()
