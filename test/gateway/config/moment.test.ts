import { describe, expect, test } from 'vitest'
import { formatMoment, parseMoment, type DateMeans } from '../../../gateway/config/moment.ts'

describe('a moment', () => {
  test.each<[text: string, means: DateMeans, at: string | undefined]>([
    ['2026-12-31', 'start', '2026-12-31T00:00:00Z'],
    ['2026-12-31', 'end', '2027-01-01T00:00:00Z'],
    ['2026-12-31T18:00:00Z', 'end', '2026-12-31T18:00:00Z'],
    ['2026-12-31T18:00Z', 'end', '2026-12-31T18:00:00Z'],
    ['2026-12-31T18:00:00+02:00', 'end', '2026-12-31T16:00:00Z'],
    ['2028-02-29', 'start', '2028-02-29T00:00:00Z'],
    ['2026-02-29', 'start', undefined],
    ['2026-02-30T10:00:00Z', 'start', undefined],
    ['2026-13-01', 'start', undefined],
    ['2026-12-31T25:00:00Z', 'start', undefined],
    ['2026-12-31T18:00:00', 'start', undefined],
    ['31.12.2026', 'start', undefined],
    ['never', 'start', undefined],
  ])('%s, %s', (text, means, at) => {
    expect(parseMoment(text, means)).toBe(at === undefined ? undefined : Date.parse(at))
  })

  test.each<[text: string, means: DateMeans]>([
    ['2026-12-31', 'start'],
    ['2026-12-31', 'end'],
    ['2026-12-31T18:00:00Z', 'end'],
    ['2026-12-31T18:00:00.250Z', 'start'],
  ])('%s (%s) is written again as it was', (text, means) => {
    expect(formatMoment(parseMoment(text, means) ?? 0, means)).toBe(text)
  })
})
