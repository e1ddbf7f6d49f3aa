import { expect, test } from 'vitest'
import { createMemoryCounter } from '../../../gateway/stores/counter-memory.ts'
import { describeCounter } from '../../conformance/counter.ts'

describeCounter('memory', createMemoryCounter)

test('answers at once, so that nothing comes between asking and taking', () => {
  const counter = createMemoryCounter({ now: () => 0 })
  expect(counter.take([{ id: 'a', unit: 'requests', limit: 1, windowMs: 1, amount: 1 }])).not.toBeInstanceOf(Promise)
})

test('a shorter window after a reload ends sooner', () => {
  let now = 0
  const counter = createMemoryCounter({ now: () => now })
  const demand = { id: 'a', unit: 'requests', limit: 1, amount: 1 } as const
  counter.take([{ ...demand, windowMs: 60_000 }])
  now = 5000
  expect(counter.take([{ ...demand, windowMs: 60_000 }])).toMatchObject({ allowed: false })
  expect(counter.take([{ ...demand, windowMs: 5000 }])).toMatchObject({ allowed: true })
})

test('a sweep forgets no window that is still running', () => {
  let now = 0
  const counter = createMemoryCounter({ now: () => now })
  const day = { id: 'day', unit: 'requests', limit: 1, windowMs: 86_400_000, amount: 1 } as const
  counter.take([day])
  for (now = 0; now < 600_000; now += 1000) {
    counter.take([{ id: `short/${now}`, unit: 'requests', limit: 1, windowMs: 1000, amount: 1 }])
  }
  expect(counter.take([day])).toMatchObject({ allowed: false, refused: { id: 'day' } })
})
