import type { Check, Detector } from './detector.ts'
import { detectorsOf } from './detectors.ts'
import { findAll, type Match } from './find.ts'

export type GuardAction = 'log' | 'flag' | 'redact' | 'block'
export type GuardSide = 'request' | 'response'

/** As it is configured (config/guards.ts). */
export interface GuardRule {
  name: string
  check: Check
  action: GuardAction
  on: readonly GuardSide[]
  aliases?: readonly string[] | undefined
  detectors?: readonly string[] | undefined
  allow?: readonly string[] | undefined
}

/** A rule made ready to look. */
export interface Guard {
  name: string
  check: Check
  action: GuardAction
  detectors: readonly Detector[]
  isAllowed: (found: string) => boolean
}

export interface GuardMatch extends Match {
  guard: Guard
}

export function createGuard({ name, check, action, detectors, allow = [] }: GuardRule): Guard {
  const allowed = new Set(allow.map((text) => text.toLowerCase()))
  return {
    name,
    check,
    action,
    detectors: detectorsOf(check, detectors),
    isAllowed: allowed.size === 0 ? () => false : (found) => allowed.has(found.toLowerCase()),
  }
}

/** What each guard finds, guard after guard. */
export function screen(text: string, guards: readonly Guard[]): GuardMatch[] {
  return guards.flatMap((guard) =>
    findAll(guard.detectors, text, guard.isAllowed).map((match) => ({ ...match, guard })),
  )
}

export function marker({ name }: Detector): string {
  return `[redacted:${name}]`
}

/**
 * The spans that guards take out, in order and apart; of what overlaps, the first has the word. Where one blocks, too:
 * that text goes nowhere, but it may be kept to be looked at.
 */
export function redactions(matches: readonly GuardMatch[]): GuardMatch[] {
  const sorted = matches
    .filter(({ guard }) => guard.action === 'redact' || guard.action === 'block')
    .sort((one, other) => one.start - other.start || other.end - one.end)
  const apart: GuardMatch[] = []
  for (const match of sorted) {
    const last = apart.at(-1)
    if (last === undefined || match.start >= last.end) apart.push({ ...match })
    else last.end = Math.max(last.end, match.end)
  }
  return apart
}

/** The text without what was found. The same one where nothing is to be taken out. */
export function redact(text: string, matches: readonly GuardMatch[]): string {
  let clean = ''
  let from = 0
  for (const { start, end, detector } of redactions(matches)) {
    clean += text.slice(from, start) + marker(detector)
    from = end
  }
  return from === 0 ? text : clean + text.slice(from)
}
