import type { SemanticState } from '../../gateway/contract.ts'

/** A help page whose questions come in many words. */
export function fixtureSemantic(now: number): SemanticState {
  return {
    aliases: ['help-page', 'docs'],
    embedding: { provider: 'openai', model: 'text-embedding-3-small', dimensions: null },
    threshold: 0.95,
    ttlMs: null,
    maxEntries: 10_000,
    timeoutMs: 1000,
    entries: 1_240,
    bytes: 7_900_000,
    hits: { today: 37, month: 804, ever: 2_110 },
    savedNanoUsd: { today: 112_000_000, month: 2_480_000_000, ever: 6_020_000_000 },
    refusedByGuard: 219,
    embeddingProblem: null,
    recent: [0.987, 0.962, 0.951].map((similarity, index) => ({
      at: now - 240_000 * (index + 1),
      model: 'help-page',
      similarity,
      callId: `req_01JDXS${index}`,
      sourceCallId: `req_01JDXA${index}`,
    })),
  }
}
