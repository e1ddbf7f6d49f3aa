import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffLines, mergeTexts, splitLines, unifiedDiff } from '../../../gateway/connect/lines.ts'

const text = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\r\n', 'e'), { maxLength: 12 })
  .map((lines) => lines.join(''))

/** The other text, made of the first by its pieces. */
function applied(before: string, after: string): string {
  const [one, other] = [splitLines(before), splitLines(after)]
  const made = [...one]
  for (const { from, to, at, until } of diffLines(one, other).toReversed())
    made.splice(from, to - from, ...other.slice(at, until))
  return made.join('')
}

test('the pieces make one text of the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applied(before, after)).toBe(after)
    }),
  )
})

test('a merge with nothing is the other one', () => {
  fc.assert(
    fc.property(text, text, (base, mine) => {
      expect(mergeTexts(base, mine, base)).toBe(mine)
      expect(mergeTexts(base, base, mine)).toBe(mine)
    }),
  )
})

describe('merges', () => {
  test.each<[string, string, string, string, string | undefined]>([
    ['apart', '1\n2\n3\n4\n', '1\nx\n3\n4\n', '1\n2\n3\ny\n', '1\nx\n3\ny\n'],
    ['before and behind', '1\n2\n', '0\n1\n2\n', '1\n2\n3\n', '0\n1\n2\n3\n'],
    ['the same line', '1\n2\n3\n', '1\nx\n3\n', '1\ny\n3\n', undefined],
    ['lines that touch', '1\n2\n3\n', '1\nx\n3\n', '1\n2\ny\n', undefined],
    ['at the same place', '1\n', '1\nx\n', '1\ny\n', undefined],
  ])('%s', (_name, base, mine, theirs, merged) => {
    expect(mergeTexts(base, mine, theirs)).toBe(merged)
  })
})

describe('as diff -u has it', () => {
  const names = { before: 'a', after: 'b' }
  test.each<[string, string, string, string]>([
    ['nothing', 'a\n', 'a\n', ''],
    [
      'one line',
      '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
      '1\n2\n3\n4\nx\n6\n7\n8\n9\n',
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n',
    ],
    ['a new file', '', 'x\n', '@@ -0,0 +1,1 @@\n+x\n'],
    ['a file that goes', 'x\n', '', '@@ -1,1 +0,0 @@\n-x\n'],
    ['no last line ending', 'x', 'x\n', '@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+x\n'],
    [
      'far apart',
      '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
      'x\n2\n3\n4\n5\n6\n7\n8\ny\n',
      '@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n',
    ],
  ])('%s', (_name, before, after, body) => {
    expect(unifiedDiff(before, after, names)).toBe(body === '' ? '' : `--- a\n+++ b\n${body}`)
  })
})
