export interface Problem {
  /** From 1; undefined: of the text as a whole. */
  line: number | undefined
  text: string
}

/** `3:5 providers[0].timeout: what is wrong` */
export function readProblem(problem: string): Problem {
  const match = /^(\d+):\d+ (.+)$/s.exec(problem)
  if (match === null) return { line: undefined, text: problem }
  return { line: Number(match[1]), text: match[2] ?? '' }
}

/** Where a line begins and ends in a text, for selecting it. */
export function lineSpan(text: string, line: number): { start: number; end: number } {
  const lines = text.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
  return { start, end: start + (lines[line - 1] ?? '').length }
}

export const largestYaml = 128 * 1024
