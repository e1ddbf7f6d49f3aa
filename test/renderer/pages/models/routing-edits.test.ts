import { expect, test } from 'vitest'
import { openedAlias } from '../../../../renderer/pages/models/opened-alias.ts'
import {
  fallbackInput,
  notInChain,
  withoutStandIn,
  withStandIn,
} from '../../../../renderer/pages/models/routing-edits.ts'

test('stand-ins come and go, and an empty table of them is not written', () => {
  const step = withStandIn({ provider: 'b', models: { one: 'two' } }, 'three', 'four')
  expect(step).toEqual({ provider: 'b', models: { one: 'two', three: 'four' } })
  expect(withStandIn(step, 'one', 'five').models).toEqual({ one: 'five', three: 'four' })
  const without = withoutStandIn({ provider: 'b', models: { one: 'two' } }, 'one')
  expect(fallbackInput([{ provider: 'a' }, without], null)).toEqual({
    chain: [{ provider: 'a' }, { provider: 'b' }],
    defaultProvider: null,
  })
})

test('notInChain', () => {
  expect(notInChain([{ provider: 'b' }], ['a', 'b', 'c'])).toEqual(['a', 'c'])
})

const fast = { name: 'fast', targets: [{ provider: 'a', model: 'm' }], warnings: [] }

test.each([
  ['nothing', 'tab=models', undefined],
  ['one that is there', 'alias=fast', { was: 'fast', isFromLink: false, start: fast }],
  ['one that is gone', 'alias=slow', undefined],
  ['a new one', 'alias=', { isFromLink: false, start: { name: '', targets: [{ provider: 'a', model: '' }] } }],
  [
    'a link never edits the one that is there',
    'from=link&name=fast&provider=b&model=n&alias=fast',
    { isFromLink: true, start: { name: 'fast', targets: [{ provider: 'b', model: 'n' }] } },
  ],
])('openedAlias: %s', (_, search, expected) => {
  expect(openedAlias(new URLSearchParams(search), [fast], ['a', 'b'])).toEqual(expected)
})
