import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryCounter } from '../../../gateway/stores/counter-memory.ts'
import { createRedisCounter } from '../../../gateway/stores/counter-redis.ts'
import { OwedCounts } from '../../../gateway/stores/counter-redis-owed.ts'
import type { Counter, Demand } from '../../../gateway/stores/counter.ts'
import type { RedisLink, ScriptCall } from '../../../gateway/stores/redis-link.ts'

const demand = (amount: number, id = 'global/requests'): Demand => ({
  id,
  unit: 'requests',
  limit: 10,
  windowMs: 60_000,
  amount,
})

/** Answers what it is told to, or is away. */
class FakeLink implements RedisLink {
  calls: ScriptCall[] = []
  reply: unknown = undefined
  #heal = (): void => {}

  run(_script: unknown, call: ScriptCall): Promise<unknown> {
    this.calls.push(call)
    return this.reply === undefined ? Promise.reject(new Error('is away')) : Promise.resolve(this.reply)
  }
  problem(): undefined {}
  onHealed(listener: () => void): void {
    this.#heal = listener
  }
  close(): void {}

  heal(): ScriptCall | undefined {
    this.reply = [1, '0', '60000']
    this.#heal()
    return this.calls.at(-1)
  }
}

describe('a counter whose Redis goes away', () => {
  let link: FakeLink
  let now: number
  let counter: Counter

  beforeEach(() => {
    link = new FakeLink()
    now = 1_000_000
    const clock = { now: () => now }
    counter = createRedisCounter({ link, prefix: 'p', local: createMemoryCounter(clock), ...clock })
  })

  test('goes on from where Redis was', async () => {
    link.reply = [1, '7', '30000']
    expect(await counter.take([demand(1)])).toMatchObject({
      allowed: true,
      states: [{ remaining: 3, resetMs: 30_000 }],
    })
    link.reply = undefined
    expect(await counter.take([demand(3)])).toMatchObject({ allowed: true })
    expect(await counter.take([demand(1)])).toMatchObject({ allowed: false, refused: { resetMs: 30_000 } })
    expect(await counter.peek([demand(0)])).toMatchObject([{ remaining: 0 }])
  })

  test('tells Redis what it counted, once', async () => {
    await counter.take([demand(4)])
    await counter.settle([{ ...demand(-1), takenAt: now }])
    const told = link.heal()
    expect(told?.keys).toEqual(['{p:limits}:global/requests'])
    expect(told?.args).toEqual(['', 'add', 10, 60_000, 3])
    const before = link.calls.length
    link.heal()
    expect(link.calls).toHaveLength(before)
  })

  test('a take that Redis answered too late is counted once', async () => {
    await counter.take([demand(4)])
    link.calls[0]?.onLate?.([1, '4', '60000'])
    const before = link.calls.length
    link.heal()
    expect(link.calls).toHaveLength(before)
  })

  test('a take that Redis counted late, and this process refused, is given back', async () => {
    await counter.take([demand(10)])
    await counter.take([demand(5)])
    link.calls[0]?.onLate?.([1, '10', '60000'])
    link.calls[1]?.onLate?.([1, '5', '60000'])
    expect(link.heal()?.args).toEqual(['', 'add', 10, 60_000, -5])
  })

  test('what was counted in a window that is over is not told', async () => {
    await counter.take([demand(4)])
    now += 60_000
    link.heal()
    expect(link.calls).toHaveLength(1)
  })
})

test('what is owed stays bounded', () => {
  const owed = new OwedCounts(() => 0)
  for (let index = 0; index < 20_000; index += 1) owed.add([demand(1, `key/${index}`)], 1)
  expect(owed.collect()).toHaveLength(10_000)
  expect(owed.collect()).toEqual([])
})
