import type { CallRow } from '../../../gateway/contract.ts'

/** Geometry of the small bars in the list: all on one scale, so that they can be compared down the column. */

/**
 * Milliseconds of a full bar: a round number that nine in ten of these calls fit into, so that one call of ten minutes
 * does not make all others invisible.
 */
export function durationScale(calls: readonly Pick<CallRow, 'durationMs'>[]): number {
  const sorted = calls.map(({ durationMs }) => durationMs).sort((first, second) => first - second)
  const usual = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0
  return roundUp(Math.max(usual, 100))
}

/** To 1, 2 or 5 times a power of ten. */
function roundUp(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(ms))
  const step = [1, 2, 5, 10].find((step) => ms <= step * power) ?? 10
  return step * power
}

export interface DurationBar {
  /** 0 to 1. */
  width: number
  /** 0 to 1, where the first token came; undefined: not measured, or beyond the end. */
  tick: number | undefined
  /** It is longer than the column shows. */
  isCut: boolean
}

export function durationBar(call: Pick<CallRow, 'durationMs' | 'firstTokenMs'>, scaleMs: number): DurationBar {
  const tick = call.firstTokenMs === null ? undefined : call.firstTokenMs / scaleMs
  return {
    width: Math.min(1, call.durationMs / scaleMs),
    tick: tick === undefined || tick > 1 || call.firstTokenMs === call.durationMs ? undefined : tick,
    isCut: call.durationMs > scaleMs,
  }
}
