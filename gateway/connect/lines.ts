/** Lines with their endings, so that joining gives the text again. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Lines [from, to) of the one text became lines [at, until) of the other. */
export interface Hunk {
  from: number
  to: number
  at: number
  until: number
}

/** Beyond this many comparisons what differs counts as one piece; configuration files are far below. */
const mostComparisons = 4_000_000

/** The smallest pieces in which two lists of lines differ, first to last. */
export function diffLines(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let [to, until] = [before.length, after.length]
  while (to > start && until > start && before[to - 1] === after[until - 1]) {
    to -= 1
    until -= 1
  }
  if (to === start && until === start) return []
  const whole = { from: start, to, at: start, until }
  if ((to - start) * (until - start) > mostComparisons) return [whole]
  return between(before, after, whole)
}

/** By the longest common subsequence of what lies between the common beginning and the common end. */
function between(before: readonly string[], after: readonly string[], { from, to, at, until }: Hunk): Hunk[] {
  const lengths = commonLengths(before.slice(from, to), after.slice(at, until))
  const width = until - at + 1
  const hunks: Hunk[] = []
  let open: Hunk | undefined
  let [one, other] = [from, at]
  while (one < to || other < until) {
    if (one < to && other < until && before[one] === after[other]) {
      open = undefined
      one += 1
      other += 1
      continue
    }
    if (open === undefined) {
      open = { from: one, to: one, at: other, until: other }
      hunks.push(open)
    }
    const place = (one - from) * width + (other - at)
    const isRemoval = other >= until || (one < to && (lengths[place + width] ?? 0) >= (lengths[place + 1] ?? 0))
    if (isRemoval) open.to = one += 1
    else open.until = other += 1
  }
  return hunks
}

function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let one = before.length - 1; one >= 0; one -= 1) {
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const place = one * width + other
      lengths[place] =
        before[one] === after[other]
          ? (lengths[place + width + 1] ?? 0) + 1
          : Math.max(lengths[place + width] ?? 0, lengths[place + 1] ?? 0)
    }
  }
  return lengths
}

/**
 * What two people made of one text, together; undefined where both changed the same lines, or lines that touch.
 */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  const lines = splitLines(base)
  const [mineLines, theirLines] = [splitLines(mine), splitLines(theirs)]
  const changes = [
    ...diffLines(lines, mineLines).map((hunk) => ({ ...hunk, text: mineLines.slice(hunk.at, hunk.until) })),
    ...diffLines(lines, theirLines).map((hunk) => ({ ...hunk, text: theirLines.slice(hunk.at, hunk.until) })),
  ].toSorted((one, other) => one.from - other.from || one.to - other.to)
  if (changes.some((change, index) => index > 0 && change.from <= (changes[index - 1]?.to ?? 0))) return undefined
  const merged = [...lines]
  for (const { from, to, text } of changes.toReversed()) merged.splice(from, to - from, ...text)
  return merged.join('')
}

export interface DiffNames {
  before: string
  after: string
}

const contextLines = 3

/** As `diff -u` writes it; empty where nothing differs. */
export function unifiedDiff(before: string, after: string, names: DiffNames): string {
  const [one, other] = [splitLines(before), splitLines(after)]
  const groups = grouped(diffLines(one, other))
  if (groups.length === 0) return ''
  const parts = groups.map((group) => groupText(one, other, group))
  return [`--- ${names.before}\n`, `+++ ${names.after}\n`, ...parts].join('')
}

/** Pieces whose context would overlap are shown as one. */
function grouped(hunks: Hunk[]): Hunk[][] {
  const groups: Hunk[][] = []
  for (const hunk of hunks) {
    const last = groups.at(-1)
    if (last !== undefined && hunk.from - (last.at(-1)?.to ?? 0) <= 2 * contextLines) last.push(hunk)
    else groups.push([hunk])
  }
  return groups
}

function groupText(one: string[], other: string[], group: Hunk[]): string {
  const [first, last] = [group[0], group.at(-1)]
  if (first === undefined || last === undefined) return ''
  const from = Math.max(0, first.from - contextLines)
  const to = Math.min(one.length, last.to + contextLines)
  const at = first.at - (first.from - from)
  const until = last.until + (to - last.to)
  const body: string[] = []
  let line = from
  for (const hunk of group) {
    body.push(...one.slice(line, hunk.from).map((text) => marked(' ', text)))
    body.push(...one.slice(hunk.from, hunk.to).map((text) => marked('-', text)))
    body.push(...other.slice(hunk.at, hunk.until).map((text) => marked('+', text)))
    line = hunk.to
  }
  body.push(...one.slice(line, to).map((text) => marked(' ', text)))
  return [`@@ -${spanText(from, to)} +${spanText(at, until)} @@\n`, ...body].join('')
}

/** An empty span is told by the line before it. */
function spanText(from: number, to: number): string {
  return to === from ? `${from},0` : `${from + 1},${to - from}`
}

function marked(mark: string, line: string): string {
  const text = line.replace(/\r?\n$/, '')
  return line.endsWith('\n') ? `${mark}${text}\n` : `${mark}${text}\n\\ No newline at end of file\n`
}
