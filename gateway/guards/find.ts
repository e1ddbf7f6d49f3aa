import type { Detector } from './detector.ts'

/** Where something was found: offsets in UTF-16 units, `end` exclusive. */
export interface Match {
  detector: Detector
  start: number
  end: number
}

/** What one detector finds in a text. Pure, but for the pattern's own place, which is put back. */
export function findWith(detector: Detector, text: string, isAllowed: (found: string) => boolean): Match[] {
  const { pattern, hints, accept } = detector
  if (hints !== undefined && !hints.some((hint) => text.includes(hint))) return []
  const matches: Match[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole] = match
    const found = match.groups?.['found'] ?? whole
    const length = accept?.(found, whole) ?? found.length
    const start = match.index + whole.length - found.length
    if (length > 0 && !isAllowed(found.slice(0, length))) matches.push({ detector, start, end: start + length })
    if (whole === '') pattern.lastIndex += 1
  }
  return matches
}

/** In order and apart: of what overlaps, what begins first, then what comes first in the list of detectors. */
export function findAll(
  detectors: readonly Detector[],
  text: string,
  isAllowed: (found: string) => boolean = () => false,
): Match[] {
  const all = detectors.flatMap((detector) => findWith(detector, text, isAllowed))
  if (all.length < 2) return all
  let end = 0
  // The sort is stable: of those that begin at one place the order of the list stays.
  return all
    .sort((one, other) => one.start - other.start)
    .filter((match) => {
      if (match.start < end) return false
      end = match.end
      return true
    })
}
