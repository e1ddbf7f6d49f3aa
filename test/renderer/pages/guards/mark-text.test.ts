import { expect, test } from 'vitest'
import { markText } from '../../../../renderer/pages/guards/mark-text.ts'

const finding = (detector: string, start: number, end: number) =>
  ({ guard: 'g', check: 'pii', action: 'log', detector, start, end }) as const

test.each([
  ['nothing found', [], ['abcdef:']],
  ['in the middle', [finding('x', 2, 4)], ['ab:', 'cd:x', 'ef:']],
  ['all of it', [finding('x', 0, 6)], ['abcdef:x']],
  ['overlapping', [finding('x', 0, 4), finding('y', 2, 6)], ['ab:x', 'cd:xy', 'ef:y']],
  ['beyond the end', [finding('x', 4, 99)], ['abcd:', 'ef:x']],
])('%s', (_, findings, pieces) => {
  const marked = markText('abcdef', findings)
  expect(marked.map(({ text, found }) => `${text}:${found.map(({ detector }) => detector).join('')}`)).toEqual(pieces)
})
