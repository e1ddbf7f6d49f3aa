/** How values are written. Money is integers of 1e-9 USD, durations are milliseconds. */

const nanoPerUsd = 1e9

// Made once: a formatter costs more than a thousand numbers written with it.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const cents = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const exact = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 9 })
const price = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** `$0.0042` below a cent (4 significant digits), `$1.23`, `$1,204` from a thousand. */
export function formatMoney(nanoUsd: number): string {
  const usd = Math.abs(nanoUsd) / nanoPerUsd
  const sign = nanoUsd < 0 ? '−' : ''
  if (usd === 0) return '$0.00'
  if (usd < 0.00999995) {
    const decimals = Math.min(9, 3 - Math.floor(Math.log10(usd)))
    return `${sign}$${trimZeros(usd.toFixed(decimals))}`
  }
  return `${sign}$${(usd < 999.995 ? cents : whole).format(usd)}`
}

/** Every digit that is known: `$1,204.560000001`. */
export function formatExactMoney(nanoUsd: number): string {
  const sign = nanoUsd < 0 ? '−' : ''
  const usd = Math.abs(nanoUsd) / nanoPerUsd
  return `${sign}$${exact.format(usd)}`
}

/** A plain decimal for CSV: `0.0042`. */
export function plainUsd(nanoUsd: number): string {
  return trimZeros((nanoUsd / nanoPerUsd).toFixed(9))
}

/** A price per 1,000,000 tokens: `$0.36`, `$15.00`, `$0.0375`. */
export function formatPrice(usdPerMillion: number): string {
  return `$${price.format(usdPerMillion)}`
}

/** `1,204` */
export function formatCount(count: number): string {
  return whole.format(Math.round(count))
}

const tokenUnits: readonly (readonly [size: number, unit: string])[] = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
]

/** `999`, `12.9k`, `128k`, `1.2M` */
export function formatTokens(tokens: number): string {
  for (const [size, unit] of tokenUnits) {
    // 999,500 is 1M already: it would be written 1,000k.
    if (tokens < size * 0.9995) continue
    const scaled = tokens / size
    return `${trimZeros(scaled.toFixed(scaled < 99.95 ? 1 : 0))}${unit}`
  }
  return formatCount(tokens)
}

const secondMs = 1000
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/** `0.4 ms`, `640 ms`, `1.24 s`, `12.4 s`, `2 min 5 s`, `1 h 4 min`, `3 d 4 h` */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0 ms'
  if (ms < 0.1) return '<0.1 ms'
  if (ms < 9.95) return `${trimZeros(ms.toFixed(1))} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_995) return `${trimZeros((ms / secondMs).toFixed(2))} s`
  if (ms < 59_950) return `${trimZeros((ms / secondMs).toFixed(1))} s`
  const seconds = Math.round(ms / secondMs) * secondMs
  if (seconds < hourMs) return twoUnits(seconds, [minuteMs, 'min'], [secondMs, 's'])
  const minutes = Math.round(ms / minuteMs) * minuteMs
  if (minutes < dayMs) return twoUnits(minutes, [hourMs, 'h'], [minuteMs, 'min'])
  return twoUnits(Math.round(ms / hourMs) * hourMs, [dayMs, 'd'], [hourMs, 'h'])
}

type Unit = readonly [size: number, name: string]

function twoUnits(ms: number, large: Unit, small: Unit): string {
  const first = Math.floor(ms / large[0])
  const second = Math.round((ms - first * large[0]) / small[0])
  return second === 0 ? `${first} ${large[1]}` : `${first} ${large[1]} ${second} ${small[1]}`
}

/** Of a share from 0 to 1: `0.6 %`, `12 %`, `99.9 %` (never 100 % while something is missing), `<0.1 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100
  if (percent === 0) return '0 %'
  if (percent < 0.1) return '<0.1 %'
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`
  return `${trimZeros(percent.toFixed(percent < 9.95 ? 1 : 0))} %`
}

/** Against before: `+12 %`, `−3 %`, `×4.2`; undefined: nothing to compare with. */
export function formatChange(now: number, before: number): string | undefined {
  if (before === 0) return undefined
  const ratio = now / before
  if (ratio >= 3) return `×${trimZeros(ratio.toFixed(ratio < 9.95 ? 1 : 0))}`
  const percent = Math.round((ratio - 1) * 100)
  if (percent === 0) return '±0 %'
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, then the date: `21 Nov 14:05`. The future: `in 5 min`. */
export function formatRelativeTime(time: number, now: number): string {
  const distance = Math.abs(now - time)
  if (distance < 2_000) return 'just now'
  if (distance >= dayMs) return formatDate(time, now)
  const unit = distance < minuteMs ? 's' : distance < hourMs ? 'min' : 'h'
  const size = { s: secondMs, min: minuteMs, h: hourMs }[unit]
  const words = `${Math.floor(distance / size)} ${unit}`
  return time <= now ? `${words} ago` : `in ${words}`
}

/** `21 Nov 14:05` in the user's own order of words; with the year when it is another one. */
export function formatDate(time: number, now: number): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  return new Date(time).toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  })
}

/** To the millisecond, with the zone. */
export function formatExactTime(time: number): string {
  return new Date(time).toLocaleString(undefined, {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  })
}

/** `14:05:09` */
export function formatClock(time: number): string {
  return new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}
