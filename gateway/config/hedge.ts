import { z } from 'zod'
import { formatDuration, parseDuration } from './units.ts'

const delayText = 'expected p95, or a duration with a unit, e.g. 800ms'

/** In the file `p95` or a duration with a unit, after loading `p95` or milliseconds. */
const delay = z
  .codec(z.string({ error: delayText }), z.union([z.literal('p95'), z.int().positive()]), {
    decode(text, context) {
      if (text === 'p95') return text
      const parsed = parseDuration(text)
      if (parsed !== undefined && parsed > 0) return parsed
      context.issues.push({ code: 'custom', message: delayText, input: text })
      return z.NEVER
    },
    encode: (value) => (value === 'p95' ? value : formatDuration(value)),
  })
  .meta({ examples: ['p95', '800ms'], pattern: String.raw`^(p95|(\d+(\.\d+)?(ms|s|m|h|d))+)$` })

/** The section `routing.hedge` of gateway.yaml. */
export const hedge = z.strictObject({
  after: delay.prefault('p95').meta({
    description:
      'How long the first target may take before the second is asked too: a duration, or `p95`, the time within which 95 % of the same calls had their first content.',
  }),
  maxRate: z
    .number()
    .gt(0, 'expected a share such as 0.1')
    .max(1, 'expected a share of 1, e.g. 0.1 for 10 %')
    .default(0.1)
    .meta({ description: 'The largest share of calls for which a second request may be made.' }),
  aliases: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'Only calls of these aliases. Absent: every call with a second target.' }),
})

export type HedgeConfig = z.output<typeof hedge>
