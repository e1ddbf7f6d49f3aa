import table from './providers.json' with { type: 'json' }
import type { ProviderRow } from './types.ts'

/** The provider table. Its shape is checked by test/gateway/providers/rows.test.ts, not at every start. */
export const providerRows: readonly ProviderRow[] = table as unknown as ProviderRow[]

const byName: ReadonlyMap<string, ProviderRow> = new Map(
  providerRows.flatMap((row) => [row.id, ...(row.aliases ?? [])].map((name) => [name, row] as const)),
)

export function findRow(nameOrType: string): ProviderRow | undefined {
  return byName.get(nameOrType.toLowerCase())
}

/** Ids and aliases, for suggestions. */
export function rowNames(): string[] {
  return [...byName.keys()]
}
