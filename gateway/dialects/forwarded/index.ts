import { messagesClient } from '../anthropic-messages/client/index.ts'
import { readError as readAnthropicError } from '../anthropic-messages/provider/errors.ts'
import type { ClientSide, Dialect, ForwardDialectId, ProviderSide } from '../dialect.ts'
import { encodeError, encodeStreamError } from '../openai-chat/client/errors.ts'
import { readError } from '../openai-chat/provider/errors.ts'
import { readForwardedUsage } from './usage.ts'

/**
 * What is not chat and is handed on as it is: to these the gateway knows how errors look, and where usage stands. Paths
 * are the provider table's (providers/forwards.ts).
 */
const openaiClient: ClientSide = { encodeError, encodeStreamError, handsOn: ['openai-beta'] }

const metered: ProviderSide = {
  path: () => '',
  readError,
  readUsage: readForwardedUsage,
  reportsAlone: true,
}

/** Looking after files and batches costs nothing; what a batch does is billed by the provider, when it is done. */
const managed: ProviderSide = { path: () => '', readError, isFree: true }

const managedByAnthropic: ProviderSide = {
  path: () => '',
  headers: { 'anthropic-version': '2023-06-01' },
  readError: readAnthropicError,
  isFree: true,
}

const forwarded: Record<ForwardDialectId, Dialect & { provider: ProviderSide }> = {
  'openai-images': { id: 'openai-images', client: openaiClient, provider: metered },
  'openai-audio': { id: 'openai-audio', client: openaiClient, provider: metered },
  'openai-moderations': { id: 'openai-moderations', client: openaiClient, provider: metered },
  rerank: { id: 'rerank', client: openaiClient, provider: metered },
  files: { id: 'files', client: openaiClient, provider: managed },
  batches: { id: 'batches', client: openaiClient, provider: managed },
  'anthropic-batches': { id: 'anthropic-batches', client: messagesClient, provider: managedByAnthropic },
  'anthropic-files': { id: 'anthropic-files', client: messagesClient, provider: managedByAnthropic },
}

export function forwardedDialect(id: ForwardDialectId): Dialect {
  return forwarded[id]
}

const free = new Map<string, Dialect>(
  Object.values(forwarded).map((dialect) => [
    dialect.id,
    { ...dialect, provider: { ...dialect.provider, isFree: true } },
  ]),
)

/** The same where a provider asks nothing for it. */
export function freeOfCharge(dialect: Dialect): Dialect {
  return free.get(dialect.id) ?? dialect
}
