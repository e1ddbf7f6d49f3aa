export type SortValue = string | number | boolean | null | undefined

export interface Sorting {
  column: string
  descending: boolean
}

/** A sorted copy. What is not known comes last, whichever way it is sorted. */
export function sortRows<Row>(rows: readonly Row[], valueOf: (row: Row) => SortValue, descending: boolean): Row[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((one, other) => {
    const first = valueOf(one) ?? undefined
    const second = valueOf(other) ?? undefined
    if (first === undefined || second === undefined) return Number(first === undefined) - Number(second === undefined)
    return sign * compare(first, second)
  })
}

function compare(first: NonNullable<SortValue>, second: NonNullable<SortValue>): number {
  if (typeof first === 'string' && typeof second === 'string') {
    return first.localeCompare(second, undefined, { numeric: true, sensitivity: 'base' })
  }
  return Number(first) - Number(second)
}
