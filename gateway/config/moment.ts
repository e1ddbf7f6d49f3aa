import { z } from 'zod'

const dayMs = 86_400_000
const datePattern = /^\d{4}-\d{2}-\d{2}$/
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/** Whether a date alone is its first moment, or its last. */
export type DateMeans = 'start' | 'end'

/** `2026-12-31` (UTC) or `2026-12-31T18:00:00Z` -> milliseconds since 1970; undefined for anything else, and for days that do not exist. */
export function parseMoment(text: string, dateMeans: DateMeans): number | undefined {
  const isDate = datePattern.test(text)
  if (!isDate && !timePattern.test(text)) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at)) return undefined
  // JavaScript takes the 30th of February for the 2nd of March.
  const day = text.slice(0, 10)
  if (new Date(Date.parse(day)).toISOString().slice(0, 10) !== day) return undefined
  return isDate && dateMeans === 'end' ? at + dayMs : at
}

/** The inverse: a date where it says all there is to say. */
export function formatMoment(at: number, dateMeans: DateMeans): string {
  if (at % dayMs !== 0) return new Date(at).toISOString().replace('.000Z', 'Z')
  return new Date(dateMeans === 'end' ? at - dayMs : at).toISOString().slice(0, 10)
}

function expectMoment({ input }: { input?: unknown }): string {
  const got = typeof input === 'number' ? `, got ${input}` : ''
  return `expected a day, e.g. 2026-12-31, or a time with its zone, e.g. 2026-12-31T18:00:00Z${got}`
}

/** In the file a day or a time, after loading milliseconds since 1970. */
export function moment(dateMeans: DateMeans) {
  return z
    .codec(z.string({ error: expectMoment }), z.int().positive(), {
      decode(text, context) {
        const parsed = parseMoment(text, dateMeans)
        if (parsed !== undefined && parsed > 0) return parsed
        const message = `"${text}" is no day or time; write e.g. 2026-12-31, or 2026-12-31T18:00:00Z (UTC) with its zone`
        context.issues.push({ code: 'custom', message, input: text })
        return z.NEVER
      },
      encode: (at) => formatMoment(at, dateMeans),
    })
    .meta({
      examples: ['2026-12-31', '2026-12-31T18:00:00Z'],
      pattern: `${datePattern.source}|${timePattern.source}`,
    })
}
