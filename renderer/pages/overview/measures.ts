import type { Totals, UsageDimension } from '../../../gateway/contract.ts'
import type { ValueKind } from '../../charts/chart-data.ts'

/** What the large chart can show, and by what it can be split. Both stand in the address. */

export interface Measure {
  value: 'spend' | 'requests' | 'tokens' | 'errors' | 'saved'
  label: string
  kind: ValueKind
  of: (totals: Totals) => number
}

export const measures: readonly [Measure, ...Measure[]] = [
  { value: 'spend', label: 'Spend', kind: 'money', of: ({ costNanoUsd }) => costNanoUsd },
  { value: 'requests', label: 'Requests', kind: 'count', of: ({ requests }) => requests },
  { value: 'tokens', label: 'Tokens', kind: 'tokens', of: allTokens },
  { value: 'saved', label: 'Saved', kind: 'money', of: ({ savedNanoUsd }) => savedNanoUsd },
  { value: 'errors', label: 'Errors', kind: 'count', of: ({ errors }) => errors },
]

export interface Split {
  value: UsageDimension
  label: string
  /** What stands for calls without one. */
  nameless: string
}

export const splits: readonly [Split, ...Split[]] = [
  { value: 'provider', label: 'Provider', nameless: 'no provider asked' },
  { value: 'model', label: 'Model', nameless: 'no model' },
  { value: 'alias', label: 'Alias', nameless: 'no alias' },
  { value: 'key', label: 'Tool', nameless: 'no key' },
  { value: 'feature', label: 'Feature', nameless: 'no feature' },
]

export function allTokens({ inputTokens, outputTokens }: Totals): number {
  return inputTokens + outputTokens
}
