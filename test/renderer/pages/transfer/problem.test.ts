import { expect, test } from 'vitest'
import { lineSpan, readProblem } from '../../../../renderer/pages/transfer/problem.ts'

test.each([
  ['3:5 providers[0].timeout: has no unit', { line: 3, text: 'providers[0].timeout: has no unit' }],
  ['12:1 a\nb', { line: 12, text: 'a\nb' }],
  ['providers: is required', { line: undefined, text: 'providers: is required' }],
])('readProblem(%j)', (problem, expected) => expect(readProblem(problem)).toEqual(expected))

test.each([
  [1, 'one'],
  [2, 'two'],
  [3, ''],
  [9, ''],
])('line %d is selected', (line, selected) => {
  const text = 'one\ntwo\n'
  const { start, end } = lineSpan(text, line)
  expect(text.slice(start, end)).toBe(selected)
})
