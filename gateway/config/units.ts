import { z } from 'zod'

const durationUnitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const sizeUnits = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

/** `30s`, `1h30m`, `500ms` -> milliseconds; undefined for anything else (a bare number has no unit, so it is refused). */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * durationUnitsMs[unit as keyof typeof durationUnitsMs]
  }
  return Math.round(total)
}

/** `32MB`, `512 KB`, `1GB` -> bytes (binary units); undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?(B|KB|MB|GB)$/i.exec(text)
  if (match === null) return undefined
  return Math.round(Number(match[1]) * sizeUnits[(match[2] as string).toUpperCase() as keyof typeof sizeUnits])
}

/** In the file a duration with a unit, after loading milliseconds. */
export const duration = z
  .string({ error: 'expected a duration with a unit, e.g. 30s or 1h30m' })
  .transform((text, context) => {
    const parsed = parseDuration(text)
    if (parsed !== undefined && parsed > 0) return parsed
    context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d` })
    return z.NEVER
  })
  .meta({ examples: ['30s', '1h30m'], pattern: '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$' })

const sizeText = z.string().transform((text, context) => {
  const parsed = parseSize(text)
  if (parsed !== undefined && parsed > 0) return parsed
  context.addIssue({ code: 'custom', message: `"${text}" is not a size; write e.g. 512KB, 32MB, 1GB` })
  return z.NEVER
})

/** In the file `32MB` or bytes, after loading bytes. */
export const size = z.union([sizeText, z.int().min(1)])

/** In the file a number of MB or `512MB`, after loading bytes. */
export const megabytes = z.union([
  sizeText,
  z
    .number()
    .positive()
    .transform((value) => Math.round(value * sizeUnits.MB)),
])
