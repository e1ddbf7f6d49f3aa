import { expect, test } from 'vitest'
import type { ConfigChange } from '../../../../gateway/contract.ts'
import { countChanges, isShort, kindOf, newOpenAddress } from '../../../../renderer/pages/transfer/change-words.ts'

const change = (before: string | null, after: string | null): ConfigChange => ({ path: 'a', before, after })

test.each([
  [change(null, '1'), 'added'],
  [change('1', null), 'removed'],
  [change('1', '2'), 'changed'],
  // Emptied is not removed.
  [change('1', ''), 'changed'],
])('kindOf(%j)', (of, kind) => expect(kindOf(of)).toBe(kind))

test('countChanges leaves out what there is none of', () => {
  expect(countChanges([change('1', '2'), change(null, '1'), change('3', '4')])).toBe('2 changed, 1 added')
  expect(countChanges([])).toBe('')
})

test.each([
  [change('8080', '9090'), true],
  [change(null, 'a: 1\nb: 2'), false],
  [change('x'.repeat(49), '1'), false],
])('isShort(%j)', (of, expected) => expect(isShort(of)).toBe(expected))

test.each([
  ['0.0.0.0', '0.0.0.0'],
  ['"::"', '::'],
  ['127.0.0.1', undefined],
  [null, undefined],
])('newOpenAddress: server.host becomes %s', (after, address) => {
  expect(
    newOpenAddress([
      { path: 'server.port', before: '1', after: '2' },
      { path: 'server.host', before: 'x', after },
    ]),
  ).toBe(address)
})
