/** Durations as a person types them: `30s`, `1h30m`, `500ms`, `2d`; a bare number is seconds. */

const sizes = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds; undefined: not a duration. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase().replace(/\s+/g, '').replaceAll('min', 'm')
  if (compact === '') return undefined
  if (/^\d+(\.\d+)?$/.test(compact)) return Math.round(Number(compact) * sizes.s)
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(compact)) return undefined
  let total = 0
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * sizes[unit as keyof typeof sizes]
  }
  return Math.round(total)
}

/** The shortest way to write it that parses back: `90s` is `1m30s`. */
export function writeDuration(ms: number): string {
  if (ms === 0) return '0s'
  let rest = ms
  let text = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(rest / sizes[unit])
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * sizes[unit]
  }
  return text
}
