import { expect, test } from 'vitest'
import { referencesOf } from '../../../../renderer/pages/transfer/references.ts'

test.each([
  ['none', 'server:\n  port: 8080\n', []],
  [
    'in the order of the file',
    'a: ${TWO}\nb: ${ONE}\n',
    [
      ['TWO', false],
      ['ONE', false],
    ],
  ],
  ['once each', 'a: ${ONE}\nb: ${ONE}\n', [['ONE', false]]],
  ['with a default it may stay unset', 'a: ${ONE:-x}\n', [['ONE', true]]],
  ['a default must be everywhere', 'a: ${ONE:-x}\nb: ${ONE}\n', [['ONE', false]]],
  ['a doubled dollar is a plain one', 'a: $${ONE}\n', []],
  ['comments do not count', '# key: ${OLD}\na: 1 # ${OLDER}\nb: x#${ONE}\n', [['ONE', false]]],
])('%s', (_, yaml, expected) => {
  expect(referencesOf(yaml).map(({ name, isOptional }) => [name, isOptional])).toEqual(expected)
})
