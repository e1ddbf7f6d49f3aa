import type { CatalogEntry } from '../contract.ts'
import { possibleDialects } from '../providers/choose-endpoints.ts'
import type { ProviderRow } from '../providers/types.ts'

/** A row of the provider table as the window shows it to choose from. */
export function catalogEntry(row: ProviderRow): CatalogEntry {
  const [main] = row.endpoints
  return {
    id: row.id,
    title: row.name,
    dialect: main?.dialect ?? 'openai-chat',
    dialects: possibleDialects(row),
    baseUrl: main?.baseUrl ?? null,
    isLocal: isLocalAddress(main?.baseUrl),
    needsKey: needsKey(row),
    keyName: row.keyEnv ?? null,
    keyPage: row.keyPage ?? null,
    needsBaseUrl: main?.baseUrl === undefined,
    hasDeployments: main?.versionedPath !== undefined,
  }
}

export function needsKey(row: ProviderRow): boolean {
  return row.auth.scheme !== 'none' && row.keyOptional !== true
}

/** On this machine, or in this very process (`demo://local`). */
export function isLocalAddress(url: string | undefined): boolean {
  return url !== undefined && /^(?:demo:|https?:\/\/(?:127\.|localhost[:/]|localhost$|\[::1\]))/i.test(url)
}
