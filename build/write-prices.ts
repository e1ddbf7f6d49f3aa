import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitForUpdate } from '@pydantic/genai-prices'
import type { BundledPrices } from '../gateway/models/price-bundled.ts'

/**
 * Writes gateway/models/price-table.json from @pydantic/genai-prices. Run after that package is updated:
 * npx node build/write-prices.ts
 *
 * Importing the package costs 20 MB of memory that is never given back; the table keeps each provider's models as text
 * that is parsed when the first call to that provider is priced.
 */
const file = join(import.meta.dirname, '../gateway/models/price-table.json')
const packageFile = join(import.meta.dirname, '../node_modules/@pydantic/genai-prices/package.json')

/** The package does not say when it was released: `npm view @pydantic/genai-prices time` does. */
const release = { version: '0.1.8', date: '2026-09-23' }

export async function priceTable(): Promise<BundledPrices> {
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }
  if (version !== release.version)
    throw new Error(`write the version ${version} and its date into build/write-prices.ts`)
  // Without an update this is what the package came with.
  const providers = (await waitForUpdate()) ?? []
  return {
    source: `@pydantic/genai-prices ${version}`,
    date: release.date,
    providers: providers.map(({ id, model_match, fallback_model_providers, models }) => ({
      id,
      ...(model_match === undefined ? {} : { model_match }),
      ...(fallback_model_providers === undefined ? {} : { fallback_model_providers }),
      models: JSON.stringify(
        models.map(({ id, match, context_window, prices }) => ({ id, match, context_window, prices })),
      ),
    })),
  }
}

if (import.meta.main) await writeFile(file, `${JSON.stringify(await priceTable(), undefined, 1)}\n`)
