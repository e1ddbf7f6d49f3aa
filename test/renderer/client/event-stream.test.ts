import { expect, test } from 'vitest'
import { createEventReader, readGatewayEvent, reconnectDelayMs } from '../../../renderer/client/event-stream.ts'

const stream =
  ': hello\n\nevent: config\r\ndata: {}\r\n\r\ndata: {"event":"navigate",\ndata: "data":{"path":"/cache"}}\n\n'

test.each([1, 2, 3, 7, 1000])('events come whole, in pieces of %i characters', (size) => {
  const read = createEventReader()
  const found = []
  for (let start = 0; start < stream.length; start += size) found.push(...read(stream.slice(start, start + size)))
  expect(found.map(readGatewayEvent)).toEqual([
    { event: 'config', data: {} },
    { event: 'navigate', data: { path: '/cache' } },
  ])
})

test('what is no JSON is no event', () => {
  expect(readGatewayEvent({ event: 'config', data: 'oops' })).toBeUndefined()
})

test('pauses grow, but not for ever', () => {
  expect([0, 1, 2, 10].map(reconnectDelayMs)).toEqual([500, 1_000, 2_000, 15_000])
})
