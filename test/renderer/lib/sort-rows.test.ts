import { expect, test } from 'vitest'
import { sortRows, type SortValue } from '../../../renderer/lib/sort-rows.ts'

test.each<[SortValue[], descending: boolean, SortValue[]]>([
  [[3, 1, 2], false, [1, 2, 3]],
  [[3, null, 2], true, [3, 2, null]],
  [[3, null, 2], false, [2, 3, null]],
  [['gpt-10', 'gpt-9', 'Claude'], false, ['Claude', 'gpt-9', 'gpt-10']],
  [[0, undefined, -1], false, [-1, 0, undefined]],
])('%j, descending %s: %j', (rows, descending, sorted) => {
  expect(sortRows(rows, (row) => row, descending)).toEqual(sorted)
})
