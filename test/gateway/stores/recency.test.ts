import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Recency } from '../../../gateway/stores/recency.ts'
import type { Place } from '../../../gateway/stores/recency.ts'

/** The order from oldest to newest, by taking everything out. */
function drain(recency: Recency<string>): string[] {
  const items: string[] = []
  for (let place = recency.oldest; place !== undefined; place = recency.oldest) {
    items.push(place.item)
    recency.remove(place)
  }
  return items
}

test('keeps the order that a plain list would', () => {
  const step = fc.tuple(fc.constantFrom('add', 'touch', 'remove'), fc.constantFrom('a', 'b', 'c', 'd'))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const recency = new Recency<string>()
      const places = new Map<string, Place<string>>()
      let list: string[] = []
      for (const [verb, item] of steps) {
        const place = places.get(item)
        if ((verb === 'add') !== (place === undefined)) continue
        list = list.filter((other) => other !== item)
        if (verb !== 'remove') list.push(item)
        if (place === undefined) places.set(item, recency.add(item))
        else if (verb === 'touch') recency.touch(place)
        else if (places.delete(item)) recency.remove(place)
      }
      expect(drain(recency)).toEqual(list)
    }),
  )
})
