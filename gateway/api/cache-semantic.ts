import { formatDuration } from '../config/units.ts'
import type { Config } from '../config/schema.ts'
import type { SemanticComparison, SemanticSettings, SemanticState } from '../contract.ts'
import type { SemanticCacheConfig } from '../config/semantic-cache.ts'
import type { Caller } from '../pipeline/call.ts'
import type { EmbeddingHealth } from '../pipeline/semantic-health.ts'
import { guardReason } from '../semantic/guard.ts'
import { similarity } from '../semantic/vector.ts'
import type { UsageTotals } from '../stores/ledger.ts'
import type { LedgerReader } from '../stores/ledger-reader.ts'
import type { VectorsInspector } from '../stores/vectors.ts'

export interface SemanticViewPorts {
  config: () => Config
  calls: LedgerReader['calls']
  vectors: Pick<VectorsInspector, 'stats'>
  semantic: { health: Pick<EmbeddingHealth, 'problem'>; refused: number }
  /** A question's vector, of the configuration in force; undefined: there is none now. */
  embed: (text: string) => Promise<Float32Array | undefined>
}

type Spans = (read: (totals: UsageTotals) => number) => { today: number; month: number; ever: number }

const recentCount = 20

export async function semanticState(ports: SemanticViewPorts, spans: Spans): Promise<SemanticState | null> {
  const { semantic: settings } = ports.config().cache
  if (settings === undefined) return null
  const { calls } = await ports.calls({ limit: recentCount, filter: { cache: 'SEMANTIC' } })
  return {
    ...settingsOf(settings),
    ...ports.vectors.stats(),
    hits: spans(({ semanticHits }) => semanticHits),
    savedNanoUsd: spans(({ semanticSavedNanoUsd }) => semanticSavedNanoUsd),
    refusedByGuard: ports.semantic.refused,
    embeddingProblem: ports.semantic.health.problem() ?? null,
    recent: calls.map(({ startedAt, requestedModel, similarity: alike, callId, sourceCallId }) => ({
      at: startedAt,
      model: requestedModel,
      similarity: alike ?? null,
      callId,
      sourceCallId: sourceCallId ?? null,
    })),
  }
}

export function settingsOf(settings: SemanticCacheConfig): SemanticSettings {
  const { embedding, ttl, timeout: timeoutMs, ...others } = settings
  return {
    ...others,
    embedding: { ...embedding, dimensions: embedding.dimensions ?? null },
    ttlMs: ttl ?? null,
    timeoutMs,
  }
}

/** As gateway.yaml has it: what is as usual is left out. */
export function settingsWritten({ aliases, embedding, threshold, ttlMs, maxEntries, timeoutMs }: SemanticSettings) {
  const { provider, model, dimensions } = embedding
  return {
    aliases,
    embedding: { provider, model, ...(dimensions !== null && { dimensions }) },
    threshold,
    ...(ttlMs !== null && { ttl: formatDuration(ttlMs) }),
    maxEntries,
    timeout: formatDuration(timeoutMs),
  }
}

/** As a call would be treated that comes second. */
export async function compare(
  { first, second }: { first: string; second: string },
  ports: Pick<SemanticViewPorts, 'config' | 'semantic' | 'embed'>,
): Promise<SemanticComparison> {
  const guard = guardReason(first, second) ?? null
  const { semantic: settings } = ports.config().cache
  const without = { similarity: null, guard, wouldHit: false }
  if (settings === undefined) return { ...without, problem: 'The semantic cache is off.' }
  const one = await ports.embed(first)
  const other = one === undefined ? undefined : await ports.embed(second)
  if (one === undefined || other === undefined) {
    const why = ports.semantic.health.problem() ?? 'the provider gave no answer'
    return { ...without, problem: `There is no embedding of these questions: ${why}` }
  }
  const alike = similarity(one, other)
  return { similarity: alike, guard, wouldHit: guard === null && alike >= settings.threshold, problem: null }
}

/** The user at the window asks: no limits of a key, but what holds for all. */
export const comparing: Caller = { name: 'playground', models: undefined, limits: [] }
