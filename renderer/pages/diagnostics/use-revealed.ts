import { useEffect, useState } from 'react'

const stepMs = 90

/** How many of `total` are shown: one after the other, so that each is seen to be a check of its own. */
export function useRevealed(total: number, run: number): number {
  const [shown, setShown] = useState({ run, count: 0 })
  const count = shown.run === run ? shown.count : 0
  useEffect(() => {
    if (count >= total) return undefined
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setTimeout(() => setShown({ run, count: isStill ? total : count + 1 }), isStill ? 0 : stepMs)
    return () => clearTimeout(timer)
  }, [run, count, total])
  return Math.min(count, total)
}
