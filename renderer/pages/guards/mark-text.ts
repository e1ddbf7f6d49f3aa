import type { GuardTrialResult } from '../../../gateway/contract.ts'

type Finding = GuardTrialResult['findings'][number]

/** A piece of a text; `found`: by whom, where something was found in it. */
export interface TextPiece {
  start: number
  text: string
  found: Finding[]
}

/** The text in pieces, cut wherever a finding begins or ends: they may overlap. */
export function markText(text: string, findings: readonly Finding[]): TextPiece[] {
  const cuts = new Set([0, text.length])
  for (const { start, end } of findings) cuts.add(Math.min(start, text.length)).add(Math.min(end, text.length))
  const places = [...cuts].toSorted((a, b) => a - b)
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length
    const found = findings.filter((finding) => finding.start <= start && finding.end >= end)
    return { start, text: text.slice(start, end), found }
  })
}
