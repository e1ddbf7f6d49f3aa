import { useSyncExternalStore } from 'react'

/** The time, told anew every `everyMs` (whole steps, so that everything on the page ticks together). */
export function useNow(everyMs = 10_000): number {
  return useSyncExternalStore(
    (tick) => {
      const timer = setInterval(tick, everyMs)
      return () => clearInterval(timer)
    },
    () => Math.floor(Date.now() / everyMs) * everyMs,
  )
}
