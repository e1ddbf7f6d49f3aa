import { expect, test } from 'vitest'
import { linesOf } from '../../../renderer/lib/lines-of.ts'

test.each([
  ['', []],
  ['\n \n', []],
  ['a', ['a']],
  [' b \na\n\nb', ['b', 'a']],
])('%j', (text, lines) => expect(linesOf(text)).toEqual(lines))
