import { z } from 'zod'

const durationUnitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const sizeUnits = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

const durationPattern = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/
const sizePattern = /^(\d+(?:\.\d+)?)\s?(B|KB|MB|GB)$/i

/** `30s`, `1h30m`, `500ms` -> milliseconds; undefined for anything else (a bare number has no unit, so it is refused). */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * durationUnitsMs[unit as keyof typeof durationUnitsMs]
  }
  return Math.round(total)
}

/** Milliseconds -> `1h30m`; the inverse of parseDuration. */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const [unit, unitMs] of Object.entries(durationUnitsMs).toReversed()) {
    const amount = Math.floor(rest / unitMs)
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * unitMs
  }
  return text === '' ? '0ms' : text
}

/** `32MB`, `512 KB`, `1GB` -> bytes (binary units); undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = sizePattern.exec(text)
  if (match === null) return undefined
  return Math.round(Number(match[1]) * sizeUnits[(match[2] as string).toUpperCase() as keyof typeof sizeUnits])
}

/** Bytes -> `32MB`, in the largest unit that divides them; the inverse of parseSize. */
export function formatSize(bytes: number): string {
  const units = Object.entries(sizeUnits).toReversed()
  const [unit, unitBytes] = units.find(([, amount]) => bytes >= amount && bytes % amount === 0) ?? ['B', 1]
  return `${bytes / unitBytes}${unit}`
}

function expectDuration({ input }: { input?: unknown }): string {
  if (typeof input === 'number') return `${input} has no unit; write e.g. ${input}s or ${input}ms`
  return 'expected a duration with a unit, e.g. 30s or 1h30m'
}

/** In the file a duration with a unit, after loading milliseconds. */
export const duration = z
  .codec(z.string({ error: expectDuration }), z.int().positive(), {
    decode(text, context) {
      const parsed = parseDuration(text)
      if (parsed !== undefined && parsed > 0) return parsed
      const message = `"${text}" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d`
      context.issues.push({ code: 'custom', message, input: text })
      return z.NEVER
    },
    encode: formatDuration,
  })
  .meta({ examples: ['30s', '1h30m'], pattern: durationPattern.source })

const sizeText = z
  .codec(z.string(), z.int().positive(), {
    decode(text, context) {
      const parsed = parseSize(text)
      if (parsed !== undefined && parsed > 0) return parsed
      const message = `"${text}" is not a size; write e.g. 512KB, 32MB, 1GB`
      context.issues.push({ code: 'custom', message, input: text })
      return z.NEVER
    },
    encode: formatSize,
  })
  .meta({ examples: ['32MB', '1GB'], pattern: '^\\d+(\\.\\d+)?\\s?([KMG]?B|[kmg]?b)$' })

/** In the file `32MB` or bytes, after loading bytes. */
export const size = z.union([sizeText, z.int().min(1)], { error: 'expected a size, e.g. 32MB, or a number of bytes' })

const megabyteNumber = z.codec(z.number().positive(), z.int().positive(), {
  decode: (value) => Math.round(value * sizeUnits.MB),
  encode: (value) => value / sizeUnits.MB,
})

/** In the file a number of MB or `512MB`, after loading bytes. */
export const megabytes = z.union([sizeText, megabyteNumber], {
  error: 'expected a number of MB, or a size with a unit, e.g. 1GB',
})
