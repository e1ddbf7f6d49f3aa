import { describe, expect, test } from 'vitest'
import type { ClientKey } from '../../../../gateway/contract.ts'
import {
  draftOf,
  draftProblems,
  rulesOf,
  sameRules,
  startDraft,
  type KeyDraft,
} from '../../../../renderer/pages/keys/key-draft.ts'

const now = Date.UTC(2026, 10, 24, 12)

describe('what is saved of what was typed', () => {
  test.each<[string, Partial<KeyDraft>, object]>([
    ['nothing', {}, { models: null, limit: null, expiresAt: null }],
    ['models, once each', { models: ' fast \n\ngpt-*\nfast' }, { models: ['fast', 'gpt-*'] }],
    ['requests', { requests: 5 }, { limit: { requests: 5, windowMs: 60_000 } }],
    ['tokens in an hour', { tokens: 9, windowMs: 3_600_000 }, { limit: { tokens: 9, windowMs: 3_600_000 } }],
    ['a window alone is no limit', { windowMs: 1000 }, { limit: null }],
    ['30 days: to the end of that day', { expiry: '30' }, { expiresAt: Date.UTC(2026, 11, 25) }],
    ['a last day, that day included', { expiry: 'day', day: '2026-12-31' }, { expiresAt: Date.UTC(2027, 0, 1) }],
  ])('%s', (_what, draft, rules) => expect(rulesOf({ ...startDraft(), ...draft }, now)).toMatchObject(rules))
})

describe('a key in the form and back is what it was', () => {
  const rules = { models: ['a', 'b-*'], limit: { requests: 3, windowMs: 1000 } }
  test.each([null, Date.UTC(2027, 0, 1), Date.UTC(2026, 11, 31, 18)])('expires %s', (expiresAt) => {
    const key = { name: 'k', ...rules, expiresAt } as unknown as ClientKey
    expect(rulesOf(draftOf(key), now, key)).toEqual({ ...rules, expiresAt })
    expect(sameRules(rulesOf(draftOf(key), now, key), { ...rules, expiresAt })).toBe(true)
  })
})

describe('problems', () => {
  test.each<[Partial<KeyDraft>, boolean, string[]]>([
    [{ name: 'phone' }, true, []],
    [{ name: '' }, true, ['name']],
    [{ name: 'my phone' }, true, ['name']],
    [{ name: 'taken' }, true, ['name']],
    [{ name: 'taken' }, false, []],
    [{ name: 'a', expiry: 'day', day: '' }, true, ['day']],
    [{ name: 'a', expiry: 'day', day: '2026-11-23' }, true, ['day']],
    [{ name: 'a', expiry: 'day', day: '2026-11-23' }, false, []],
    [{ name: 'a', expiry: 'day', day: '2026-11-24' }, true, []],
  ])('%j, new: %s', (draft, isNew, fields) => {
    expect(Object.keys(draftProblems({ ...startDraft(), ...draft }, now, { isNew, taken: ['taken'] }))).toEqual(fields)
  })
})
