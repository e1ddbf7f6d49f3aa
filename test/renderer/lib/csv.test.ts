import { expect, test } from 'vitest'
import { writeCsv } from '../../../renderer/lib/csv.ts'

test.each([
  ['plain', 'plain'],
  ['with, comma', '"with, comma"'],
  ['a "word"', '"a ""word"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['@sum', "'@sum"],
  ['-0.5', '-0.5'],
  [-3, '-3'],
  [null, ''],
  [undefined, ''],
])('%j is written %j', (value, text) => expect(writeCsv(['a'], [[value]])).toBe(`a\r\n${text}\r\n`))
