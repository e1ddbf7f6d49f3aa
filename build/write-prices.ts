import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitForUpdate } from '@pydantic/genai-prices'
import type { PriceTable } from '../gateway/models/price-table.ts'

/**
 * Writes gateway/models/price-table.json from @pydantic/genai-prices. Run after that package is updated:
 * npx node build/write-prices.ts
 *
 * Importing the package costs 20 MB of memory that is never given back; the table keeps each provider's models as text
 * that is parsed when the first call to that provider is priced.
 */
const file = join(import.meta.dirname, '../gateway/models/price-table.json')

export async function priceTable(): Promise<PriceTable> {
  // Without an update this is what the package came with.
  const providers = (await waitForUpdate()) ?? []
  return {
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
