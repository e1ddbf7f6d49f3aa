import { describe, expect, test } from 'vitest'
import { configSchema } from '../../../gateway/config/schema.ts'
import { judgedPairs, scoreOf } from '../../bench/semantic-pairs.ts'

const pairs = judgedPairs()
const embedding = { provider: 'any', model: 'any' }
const { semantic } = configSchema.parse({ cache: { semantic: { aliases: ['any'], embedding } } }).cache
const threshold = semantic?.threshold ?? 0

describe('the committed pairs', () => {
  test('are enough, of both kinds, and some of them held out', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(400)
    expect(pairs.filter(({ same }) => !same).length).toBeGreaterThanOrEqual(300)
    expect(pairs.filter(({ part }) => part === 'held-out').length).toBeGreaterThanOrEqual(200)
  })

  test('no false hit as shipped, and more than a third of the rephrasings', () => {
    const score = scoreOf(pairs, threshold, true)
    expect(score.falseHits).toBe(0)
    expect(score.found / score.ofSame).toBeGreaterThan(1 / 3)
  })

  test.each([0, 0.7, 0.9, 0.99])('no false hit from %f: the guard is enough', (lowest) => {
    expect(scoreOf(pairs, lowest, true).falseHits).toBe(0)
  })

  test('no threshold does without the guard: different answers are more alike than rephrasings', () => {
    for (const lowest of [0.9, 0.95, 0.97, 0.99]) expect(scoreOf(pairs, lowest, false).falseHits).toBeGreaterThan(0)
    const shareAbove = (same: boolean): number => {
      const of = pairs.filter((pair) => pair.same === same)
      return of.filter(({ similarity }) => similarity > 0.95).length / of.length
    }
    expect(shareAbove(false)).toBeGreaterThan(shareAbove(true))
  })
})
