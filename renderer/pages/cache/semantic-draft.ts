import type { SemanticSettings } from '../../../gateway/contract.ts'
import { linesOf } from '../../lib/lines-of.ts'

/** `cache.semantic` as it stands in the form. */
export interface SemanticDraft {
  /** One name per line. */
  aliases: string
  provider: string
  model: string
  threshold: number
  /** undefined: as long as the cache itself. */
  ttlMs: number | undefined
  maxEntries: number
  dimensions: number | null
  timeoutMs: number
}

export type SemanticProblems = Partial<Record<'aliases' | 'provider' | 'model' | 'ttlMs', string>>

export const startSemantic: SemanticDraft = {
  aliases: '',
  provider: '',
  model: '',
  threshold: 0.92,
  ttlMs: undefined,
  maxEntries: 10_000,
  dimensions: null,
  timeoutMs: 1000,
}

export function semanticDraftOf(settings: SemanticSettings): SemanticDraft {
  const { aliases, embedding, ttlMs, ...rest } = settings
  return {
    ...rest,
    aliases: aliases.join('\n'),
    provider: embedding.provider,
    model: embedding.model,
    dimensions: embedding.dimensions,
    ttlMs: ttlMs ?? undefined,
  }
}

export function semanticSettingsOf(draft: SemanticDraft): SemanticSettings {
  const { aliases, provider, model, dimensions, ttlMs, threshold, maxEntries, timeoutMs } = draft
  return {
    aliases: linesOf(aliases),
    embedding: { provider: provider.trim(), model: model.trim(), dimensions },
    threshold,
    ttlMs: ttlMs ?? null,
    maxEntries,
    timeoutMs,
  }
}

/** What keeps it from being saved. `cacheTtlMs`: how long exact answers are kept; none is used for longer. */
export function semanticProblems(draft: SemanticDraft, cacheTtlMs: number): SemanticProblems {
  const problems: SemanticProblems = {}
  if (linesOf(draft.aliases).length === 0) problems.aliases = 'Name at least one: nothing is compared unless asked for.'
  if (draft.provider.trim() === '') problems.provider = 'Choose who makes the vectors.'
  if (draft.model.trim() === '') problems.model = 'Name its model for embeddings.'
  if (draft.ttlMs !== undefined && draft.ttlMs > cacheTtlMs) problems.ttlMs = 'Answers are not kept that long.'
  return problems
}
