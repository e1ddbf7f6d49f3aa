import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestPattern, matchesPattern, patternSpecificity } from '../../../gateway/providers/pattern.ts'

describe('matchesPattern', () => {
  test.each([
    ['gpt-4', 'gpt-4', true],
    ['gpt-4', 'gpt-4o', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['gpt-*', 'gpt-', true],
    ['gpt-*', 'GPT-4', false],
    ['*-mini', 'gpt-4o-mini', true],
    ['gpt-*-mini', 'gpt-mini', false],
    ['gpt-*-mini', 'gpt--mini', true],
    ['aba*aba', 'aba', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'acb', false],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['', '', true],
    ['', 'x', false],
  ])('%s %s %s', (pattern, text, expected) => expect(matchesPattern(pattern, text)).toBe(expected))

  test('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, text) => {
        expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text))
      }),
    )
  })

  test('a hostile pattern costs nothing', () => {
    const started = performance.now()
    expect(matchesPattern(`${'*a'.repeat(2000)}*b`, 'a'.repeat(100_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

test('specificity: literal characters, and no star beats all', () => {
  expect(['*', 'gpt-*', 'gpt-*-mini', 'gpt-4'].map(patternSpecificity)).toEqual([0, 4, 9, Number.POSITIVE_INFINITY])
})

test('bestPattern: the most literal, the earlier of two alike', () => {
  expect(bestPattern(['*', 'gpt-*', 'gpt-5*', '*5.6*'], 'gpt-5.6')).toBe('gpt-5*')
  expect(bestPattern(['gpt*', '*pt-'], 'gpt-')).toBe('gpt*')
  expect(bestPattern(['claude*'], 'gpt-4')).toBeUndefined()
})
