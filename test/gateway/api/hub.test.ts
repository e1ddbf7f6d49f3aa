import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createHub } from '../../../gateway/api/hub.ts'
import type { GatewayEvent } from '../../../gateway/contract.ts'
import type { AttemptRow } from '../../../gateway/stores/ledger.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function row(callId: string, more: Partial<AttemptRow> = {}): AttemptRow {
  return {
    callId,
    attempt: 1,
    final: true,
    startedAt: 1000,
    dialect: 'openai-chat',
    stream: false,
    requestedModel: 'm',
    key: 'anonymous',
    outcome: 'ok',
    cache: 'BYPASS',
    estimated: false,
    durationMs: 5,
    ...more,
  }
}

function listening(hub: ReturnType<typeof createHub>): GatewayEvent[] {
  const events: GatewayEvent[] = []
  hub.subscribe((event) => events.push(event))
  return events
}

test('calls that end together are one event, a quarter of a second later', () => {
  const hub = createHub()
  const events = listening(hub)
  hub.settled([row('a')])
  vi.advanceTimersByTime(200)
  hub.settled([row('b')])
  expect(events).toEqual([])
  vi.advanceTimersByTime(50)
  hub.settled([row('c')])
  vi.advanceTimersByTime(250)
  expect(
    events.map((event) => (event.event === 'calls' ? event.data.calls.map(({ callId }) => callId) : event)),
  ).toEqual([['a', 'b'], ['c']])
})

test('of more than 200 the newest are told, and how many are missing', () => {
  const hub = createHub()
  const events = listening(hub)
  for (let index = 0; index < 250; index += 1) hub.settled([row(`call-${index}`)])
  vi.advanceTimersByTime(250)
  const [event] = events
  if (event?.event !== 'calls') throw new Error('no calls event')
  expect(event.data.dropped).toBe(50)
  expect(event.data.calls).toHaveLength(200)
  expect(event.data.calls.at(-1)?.callId).toBe('call-249')
  hub.settled([row('later')])
  vi.advanceTimersByTime(250)
  expect(events[1]).toMatchObject({ data: { dropped: 0, calls: [{ callId: 'later' }] } })
})

test('while nobody listens no timer runs and nothing is kept', () => {
  const hub = createHub()
  hub.settled([row('a')])
  expect(vi.getTimerCount()).toBe(0)
  const events = listening(hub)
  vi.advanceTimersByTime(1000)
  expect(events).toEqual([])
})

test('a listener that throws keeps nothing from the others, and one that stopped hears nothing', () => {
  const errors: unknown[] = []
  const hub = createHub((error) => errors.push(error))
  const stop = hub.subscribe(() => {
    throw new Error('broken window')
  })
  const events = listening(hub)
  hub.emit({ event: 'config', data: {} })
  stop()
  hub.emit({ event: 'config', data: {} })
  expect(events).toHaveLength(2)
  expect(errors).toHaveLength(1)
})

test('a call is told with the money of all its attempts; one unknown price makes it unknown', () => {
  const hub = createHub()
  const events = listening(hub)
  hub.settled([row('a', { final: false, outcome: 'error', costNanoUsd: 3 }), row('a', { attempt: 2, costNanoUsd: 4 })])
  hub.settled([row('b', { final: false, costNanoUsd: 3 }), row('b', { attempt: 2 })])
  vi.advanceTimersByTime(250)
  expect(events).toMatchObject([
    {
      data: {
        calls: [
          { id: 0, callId: 'a', costNanoUsd: 7, attempts: 2, outcome: 'ok' },
          { callId: 'b', costNanoUsd: null },
        ],
      },
    },
  ])
})
