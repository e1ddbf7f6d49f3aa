import { z } from 'zod'
import { duration } from './units.ts'

/** Most that can be kept: a look compares a question with all of its kind, 20,000 of 1,536 numbers in some 30 ms. */
export const mostSemanticEntries = 100_000

/**
 * The section `cache.semantic` of gateway.yaml: who writes it opts in. The threshold is timid on purpose: no threshold
 * tells answers apart, so the guard on the texts (gateway/semantic) decides in any case (docs/semantic-cache.md).
 */
export const semanticCache = z.strictObject({
  aliases: z
    .array(z.string().min(1).max(256))
    .min(1, 'name at least one alias or model')
    .max(100)
    .meta({ description: 'Aliases and models, as clients ask for them, whose questions are compared by meaning.' }),
  embedding: z
    .strictObject({
      provider: z.string().min(1).meta({ description: 'One of providers; it must offer OpenAI-style embeddings.' }),
      model: z.string().min(1).max(256).meta({ description: 'For example text-embedding-3-small.' }),
      dimensions: z
        .int()
        .min(8)
        .max(4096)
        .optional()
        .meta({ description: 'Asks for shorter vectors, where the model can make them.' }),
    })
    .meta({ description: 'Who turns questions into vectors. Each is a call of its own, and is paid for.' }),
  threshold: z
    .number()
    .min(0.5, 'expected a similarity of 0.5 to 1')
    .max(1, 'expected a similarity of 0.5 to 1')
    .default(0.92)
    .meta({ description: 'How alike two questions must be, 1 = the same.' }),
  ttl: duration.optional().meta({ description: 'How long an answer is used so; at most, and by default, cache.ttl.' }),
  maxEntries: z
    .int()
    .min(1)
    .max(mostSemanticEntries)
    .default(10_000)
    .meta({ description: 'Questions that are kept; the oldest go first.' }),
  timeout: duration.prefault('1s').meta({ description: 'Longest that a call waits for its vector.' }),
})

export type SemanticCacheConfig = z.output<typeof semanticCache>
