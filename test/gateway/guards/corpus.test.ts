import { describe, expect, test } from 'vitest'
import { ratesOf, readCorpus } from './corpus.ts'

/** What `npm run bench:guards` prints must not get worse. Shares of texts, as they were on 2026-11-24. */
const tuned = {
  'prompt-injection': { missed: 2, alarmed: 0 },
  secrets: { missed: 1, alarmed: 0 },
  pii: { missed: 1, alarmed: 0 },
}
const heldOut = {
  'prompt-injection': { missed: 1, alarmed: 0 },
  secrets: { missed: 0, alarmed: 0 },
  pii: { missed: 2, alarmed: 1 },
}

const corpus = readCorpus()

test('the set is large enough to say something', () => {
  expect(corpus.length).toBeGreaterThan(150)
  expect(corpus.filter((row) => row.hits.length === 0).length).toBeGreaterThan(60)
})

describe.each([
  ['looked at', corpus.filter((row) => !row.heldOut), tuned],
  ['held out', corpus.filter((row) => row.heldOut), heldOut],
])('texts %s', (_, texts, most) => {
  const rates = ratesOf(texts)
  test.each(Object.entries(most))('%s', (check, { missed, alarmed }) => {
    const rate = rates.find(({ name }) => name === check)
    expect(rate?.present).toBeGreaterThan(9)
    expect(rate?.missed.slice(missed)).toEqual([])
    expect(rate?.alarmed.slice(alarmed)).toEqual([])
  })

  test('no detector of the check alarms where there is nothing', () => {
    const alarms = rates
      .filter(({ name }) => name.includes('/'))
      .flatMap(({ name, alarmed }) => alarmed.map(() => name))
    expect(alarms.filter((name) => name !== 'pii/email')).toEqual([])
  })
})
