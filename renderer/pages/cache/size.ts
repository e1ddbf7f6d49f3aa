/** Sizes as gateway.yaml has them: a KB is 1,024 bytes. */

const units = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

/** `512`, `512 MB`, `1.5gb` -> bytes; a bare number is MB. undefined: not a size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kmg]?b)?$/.exec(text.toLowerCase().replace(/[\s,_]/g, ''))
  if (match === null) return undefined
  const [, amount, unit = 'mb'] = match
  return Math.round(Number(amount) * (unit === 'b' ? 1 : units[unit.toUpperCase() as keyof typeof units]))
}

/** `512 bytes`, `80.4 MB`, `1.5 GB`: at most two digits after the point. */
export function writeSize(bytes: number): string {
  const found = Object.entries(units).findLast(([, size]) => bytes >= size)
  if (found === undefined) return `${bytes} bytes`
  const [unit, size] = found
  const scaled = bytes / size
  return `${Number(scaled.toFixed(scaled < 10 ? 2 : 1))} ${unit}`
}

export const smallestCache = 1_000_000
export const largestCache = 64_000_000_000

/** Why a cache of this size cannot be; undefined: it can. */
export function sizeProblem(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return 'Enter a size, like 512 MB or 1.5 GB.'
  if (bytes < smallestCache) return 'At least 1 MB.'
  if (bytes > largestCache) return 'At most 59 GB.'
  return undefined
}
