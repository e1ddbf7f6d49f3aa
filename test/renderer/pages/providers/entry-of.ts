import type { CatalogEntry } from '../../../../gateway/contract.ts'

/** A catalogue entry for tests. */
export function entryOf(id: string, more: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    id,
    title: id,
    dialect: 'openai-chat',
    dialects: ['openai-chat'],
    baseUrl: `https://api.${id}.com/v1`,
    isLocal: false,
    needsKey: true,
    keyName: `${id.toUpperCase()}_API_KEY`,
    keyPage: `https://${id}.com/keys`,
    needsBaseUrl: false,
    hasDeployments: false,
    ...more,
  }
}
