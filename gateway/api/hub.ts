import type { GatewayEvent } from '../contract.ts'
import type { AttemptRow } from '../stores/ledger.ts'
import { liveCallRow } from './call-row.ts'

/** Tells whoever listens (windows, browsers, the tray) what happens. Costs nothing while nobody does. */
export interface Hub {
  /** Returns how to stop. */
  subscribe(listener: (event: GatewayEvent) => void): () => void
  emit(event: GatewayEvent): void
  /** A finished call with all its attempts; told together with those that end about the same time. */
  settled(rows: readonly AttemptRow[]): void
  readonly hasListeners: boolean
  close(): void
}

/** At most four times a second, and at most so many calls each time: more nobody can read, and the window must stay smooth. */
const callsEveryMs = 250
const callsAtOnce = 200

export function createHub(onListenerError: (error: unknown) => void = () => undefined): Hub {
  const listeners = new Set<(event: GatewayEvent) => void>()
  let waiting: (readonly AttemptRow[])[] = []
  let dropped = 0
  let timer: NodeJS.Timeout | undefined

  function emit(event: GatewayEvent): void {
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        onListenerError(error)
      }
    }
  }

  function flush(): void {
    timer = undefined
    const calls = waiting.flatMap((rows) => liveCallRow(rows) ?? [])
    const data = { calls, dropped }
    waiting = []
    dropped = 0
    emit({ event: 'calls', data })
  }

  return {
    emit,
    subscribe(listener) {
      // A wrapper of its own, so that the same function may listen twice.
      const own = (event: GatewayEvent): void => listener(event)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    settled(rows) {
      if (listeners.size === 0) return
      // The newest are what a live list shows: the oldest make room.
      waiting.push(rows)
      if (waiting.length > callsAtOnce) {
        waiting.shift()
        dropped += 1
      }
      timer ??= setTimeout(flush, callsEveryMs).unref()
    },
    get hasListeners() {
      return listeners.size > 0
    },
    close() {
      clearTimeout(timer)
      listeners.clear()
    },
  }
}
