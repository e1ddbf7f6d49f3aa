import { describe, expect, test } from 'vitest'
import { answeredBy, listTime, outcomeText } from '../../../../renderer/pages/traffic/call-words.ts'
import { callRow } from './rows.ts'

describe('outcomeText', () => {
  test.each([
    [{}, 'Answered'],
    [{ outcome: 'error', errorCode: 'rate_limited', status: 429 }, 'Failed: rate_limited (429)'],
    [{ outcome: 'error', errorCode: null, status: 500 }, 'Failed (500)'],
    [{ outcome: 'aborted', errorCode: null, status: null }, 'Stopped by the client'],
    [{ outcome: 'aborted', errorCode: 'hedge_lost', status: 200 }, 'Cut off: the other was faster'],
  ] as const)('%j', (change, text) => {
    expect(outcomeText(callRow(change))).toBe(text)
  })
})

test.each([
  [{}, 'openai gpt-6-mini'],
  [{ model: null }, 'openai'],
  [{ provider: null, model: 'gpt-6-mini' }, undefined],
])('answeredBy %j', (change, text) => {
  expect(answeredBy(callRow(change))).toBe(text)
})

test('listTime: the clock today, the day before that', () => {
  const now = new Date(2026, 10, 24, 14, 22).getTime()
  expect(listTime(new Date(2026, 10, 24, 0, 5, 9).getTime(), now)).toMatch(/05:09/)
  expect(listTime(new Date(2026, 10, 23, 23, 59).getTime(), now)).toMatch(/23.*59/)
})
