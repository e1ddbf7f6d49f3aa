import { describe, expect, test } from 'vitest'
import type { GuardRule } from '../../../../gateway/contract.ts'
import {
  draftOf,
  draftProblems,
  ruleOf,
  startDraft,
  suggestions,
  withCheck,
} from '../../../../renderer/pages/guards/guard-draft.ts'

const rule: GuardRule = {
  name: 'mail',
  check: 'pii',
  action: 'redact',
  on: ['request', 'response'],
  aliases: ['fast', 'gpt-*'],
  detectors: ['email'],
  allow: ['support@example.com'],
}

describe('draft', () => {
  test.each([['a whole one', rule], ...suggestions.map((each) => [each.name, each] as const)])(
    '%s comes back as it was',
    (_, each) => expect(ruleOf(draftOf(each))).toEqual(each),
  )

  test('blank lines and repetitions are nothing', () => {
    const draft = { ...draftOf(rule), aliases: ' fast \n\nfast\n', allow: '\n' }
    expect(ruleOf(draft)).toMatchObject({ aliases: ['fast'], allow: [] })
    expect(ruleOf({ ...draft, aliases: ' \n' }).aliases).toBeNull()
  })

  test('another check forgets the detectors, and what it cannot do', () => {
    const changed = withCheck(draftOf(rule), 'prompt-injection')
    expect([changed.detectors, changed.action]).toEqual([null, 'flag'])
    expect(withCheck(draftOf({ ...rule, action: 'block' }), 'prompt-injection').action).toBe('block')
  })
})

describe('draftProblems', () => {
  const named = { ...startDraft, name: 'mail' }
  test.each([
    ['a name is missing', startDraft, ['name']],
    ['a name that is no name', { ...named, name: 'my mail' }, ['name']],
    ['a name that another has', { ...named, name: 'taken' }, ['name']],
    ['nowhere to look', { ...named, onRequest: false }, ['on']],
    ['nothing to look for', { ...named, detectors: [] }, ['detectors']],
    ['an injection taken out', { ...named, check: 'prompt-injection' as const }, ['action']],
    ['nothing wrong', named, []],
  ])('%s', (_, draft, fields) => expect(Object.keys(draftProblems(draft, ['taken']))).toEqual(fields))
})
