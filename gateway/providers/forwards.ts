import type { ProviderConfig } from '../config/schema.ts'
import type { ForwardDialectId } from '../dialects/dialect.ts'
import { resolveEndpoint } from './endpoints.ts'
import type { Forward, ForwardRow, Provider, ProviderRow } from './types.ts'

/** Endpoints whose bytes are handed on, by their usual path behind `/v1/`; and under which name the ledger has them. */
const dialectOf = {
  'images/generations': 'openai-images',
  'images/edits': 'openai-images',
  'images/variations': 'openai-images',
  'audio/speech': 'openai-audio',
  'audio/transcriptions': 'openai-audio',
  'audio/translations': 'openai-audio',
  moderations: 'openai-moderations',
  rerank: 'rerank',
  files: 'files',
  uploads: 'files',
  batches: 'batches',
  'messages/batches': 'anthropic-batches',
  // Under the same address as OpenAI's, and nothing like them.
  'anthropic/files': 'anthropic-files',
} as const satisfies Record<string, ForwardDialectId>

export type ForwardId = keyof typeof dialectOf

export const forwardIds = Object.keys(dialectOf) as ForwardId[]

/** As clients know it. */
export function forwardName(id: ForwardId): string {
  return id === 'anthropic/files' ? "Anthropic's /v1/files" : `/v1/${id}`
}

export function forwardDialectId(id: ForwardId): ForwardDialectId {
  return dialectOf[id]
}

/** The row's forwarded endpoints at the user's address, with their headers. */
export function resolveForwards(row: ProviderRow, config: ProviderConfig, apiKey: string | undefined): Forward[] {
  const baseUrl = row.endpoints[0]?.baseUrl
  return (row.forwards ?? []).flatMap((given) => {
    const { id, free, ...rest }: ForwardRow = typeof given === 'string' ? { id: given } : given
    const endpointRow = { ...(baseUrl === undefined ? {} : { baseUrl }), ...rest, dialect: dialectOf[id] }
    const endpoint = resolveEndpoint(endpointRow, { row, config, apiKey })
    return endpoint === undefined ? [] : [{ ...endpoint, id, free: free === true }]
  })
}

export function forwardFor(provider: Provider, id: ForwardId): Forward | undefined {
  return provider.forwards.find((forward) => forward.id === id)
}

/** Path of a forwarded endpoint; `below` (`/file-1/content`) goes before the query that a template may bring. */
export function forwardPath(forward: Forward, at: { model: string; below: string; query: string }): string {
  const template = forward.path ?? `/${forward.id}`
  // A function, because `$&` in a replacement string would be a command.
  const [path = '', own = ''] = template.replace('{model}', () => encodeURIComponent(at.model)).split('?')
  const query = [own, at.query].filter((part) => part !== '').join('&')
  return `${forward.basePath}${path}${at.below}${query === '' ? '' : `?${query}`}`
}
