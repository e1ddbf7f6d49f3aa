import { describe, expect, test } from 'vitest'
import type { CallFilter, CallRow } from '../../../../gateway/contract.ts'
import { passesFilter } from '../../../../gateway/stores/ledger-filter.ts'
import type { AttemptRow } from '../../../../gateway/stores/ledger.ts'
import {
  hasFilter,
  matchesFilter,
  readFilter,
  trafficPath,
  withoutFilters,
  withParameter,
} from '../../../../renderer/pages/traffic/call-filter.ts'
import { callRow } from './rows.ts'

describe('the filters in the address', () => {
  const cases: [search: string, filter: CallFilter][] = [
    ['', {}],
    ['outcome=failed&text=claude', { outcome: 'failed', text: 'claude' }],
    [
      'cache=HIT&provider=open%20ai&model=a%2Fb&key=zed',
      { cache: 'HIT', provider: 'open ai', model: 'a/b', key: 'zed' },
    ],
    ['outcome=nonsense&cache=hit&range=7d', {}],
    ['text=&provider=', {}],
  ]
  test.each(cases)('%s', (search, filter) => {
    expect(readFilter(new URLSearchParams(search))).toEqual(filter)
  })

  test('come back as they were written', () => {
    let search = new URLSearchParams('tab=cost')
    search = withParameter(search, 'text', 'a & b=c')
    search = withParameter(search, 'model', 'vendor/model:1')
    expect(readFilter(new URLSearchParams(search.toString()))).toEqual({ text: 'a & b=c', model: 'vendor/model:1' })
    expect(withParameter(search, 'text', undefined).get('text')).toBeNull()
    expect(withoutFilters(search).toString()).toBe('tab=cost')
  })

  test('a text is no longer than the contract takes', () => {
    expect(readFilter(new URLSearchParams(`text=${'x'.repeat(300)}`)).text).toHaveLength(256)
  })

  test('hasFilter', () => {
    expect(hasFilter({})).toBe(false)
    expect(hasFilter({ cache: 'HIT' })).toBe(true)
  })

  test('the path of a call keeps them', () => {
    expect(trafficPath('a/b', new URLSearchParams('text=x'))).toBe('/traffic/a%2Fb?text=x')
    expect(trafficPath(undefined, new URLSearchParams())).toBe('/traffic')
  })
})

describe('matchesFilter', () => {
  const cases: [name: string, call: Partial<CallRow>, filter: CallFilter, matches: boolean][] = [
    ['nothing is asked', {}, {}, true],
    ['failed: an error', { outcome: 'error' }, { outcome: 'failed' }, true],
    ['failed: broken off', { outcome: 'broken' }, { outcome: 'failed' }, true],
    ['failed: not what was refused', { outcome: 'refused' }, { outcome: 'failed' }, false],
    ['model: of the provider', {}, { model: 'gpt-6-mini' }, true],
    ['model: not the alias', {}, { model: 'fast' }, false],
    ['model: what was asked for, when nobody was asked', { model: null }, { model: 'fast' }, true],
    ['provider', {}, { provider: 'groq' }, false],
    ['key', {}, { key: 'anonymous' }, true],
    ['cache', {}, { cache: 'HIT' }, false],
    ['text: any case, anywhere', {}, { text: 'GPT-6' }, true],
    ['text: error code', { errorCode: 'rate_limited' }, { text: 'limited' }, true],
    ['text: not across two fields', {}, { text: 'fastanon' }, false],
    ['text: signs of patterns are plain', {}, { text: 'gpt_6%' }, false],
    ['all must fit', {}, { text: 'gpt', provider: 'groq' }, false],
  ]
  test.each(cases)('%s', (_, change, filter, matches) => {
    const call = callRow(change)
    expect(matchesFilter(call, filter)).toBe(matches)
    // The ledger answers the same for the same call.
    const row = Object.fromEntries(Object.entries(call).filter(([, value]) => value !== null))
    expect(passesFilter(row as unknown as AttemptRow, filter as Parameters<typeof passesFilter>[1])).toBe(matches)
  })
})
