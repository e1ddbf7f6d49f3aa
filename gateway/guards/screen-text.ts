import { longestMatch } from './detector.ts'
import { redact, screen, type Guard, type GuardMatch } from './guard.ts'
import { insideStrings, isJsonText, viewJson } from './json-text.ts'

/** UTF-16 units that are looked at in one go: about a millisecond. */
const sliceLength = 16 * 1024
/** What a pattern looks back at. */
const contextLength = 200

/** Called between slices of a long text: where others get their turn. */
export type Breathe = () => Promise<void> | undefined

/** All that guards find in a text, however long it is. */
export async function screenText(text: string, guards: readonly Guard[], breathe: Breathe): Promise<GuardMatch[]> {
  if (text.length <= sliceLength + longestMatch) return screen(text, guards)
  const all: GuardMatch[] = []
  for (let from = 0; from < text.length; from += sliceLength) {
    const before = Math.max(0, from - contextLength)
    for (const match of screen(text.slice(before, from + sliceLength + longestMatch), guards)) {
      const start = match.start + before
      if (start >= from && start < from + sliceLength) all.push({ ...match, start, end: match.end + before })
    }
    const turn = breathe()
    if (turn !== undefined) await turn
  }
  return all
}

/** Matches in a member's value: by its name (`password`) as well, and inside JSON that is sent as text. */
export async function screenValue(
  { text, name }: { text: string; name: string | undefined },
  guards: readonly Guard[],
  breathe: Breathe,
): Promise<{ matches: GuardMatch[]; clean: string }> {
  if (isJsonText(text)) {
    const matches = await screenJson(text, guards, breathe)
    return { matches, clean: redact(text, insideStrings(text, matches)) }
  }
  const prefix = name === undefined ? '' : `${name}=`
  const found = await screenText(prefix + text, guards, breathe)
  const matches =
    prefix === ''
      ? found
      : found
          .map((match) => ({ ...match, start: match.start - prefix.length, end: match.end - prefix.length }))
          .filter(({ start }) => start >= 0)
  return { matches, clean: redact(text, matches) }
}

/** Slice after slice, as each knows whether it begins inside a string. */
async function screenJson(json: string, guards: readonly Guard[], breathe: Breathe): Promise<GuardMatch[]> {
  const all: GuardMatch[] = []
  let isInString = false
  for (let from = 0; from < json.length;) {
    const view = viewJson(json.slice(from, from + sliceLength + longestMatch), isInString)
    const isLast = from + sliceLength + longestMatch >= json.length
    for (const match of screen(view.text, guards)) {
      if (!isLast && match.start >= sliceLength) continue
      all.push({ ...match, start: from + view.offsetOf(match.start), end: from + view.offsetOf(match.end) })
    }
    if (isLast) break
    const length = view.offsetOf(sliceLength)
    isInString = viewJson(json.slice(from, from + length), isInString).isInString
    from += length
    const turn = breathe()
    if (turn !== undefined) await turn
  }
  return all
}
