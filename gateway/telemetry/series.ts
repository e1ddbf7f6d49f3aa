/**
 * Counting for /metrics in plain numbers: a call costs some additions, and prom-client (40 ms to import) is needed only
 * when somebody looks.
 */

export interface Family {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  samples(): Sample[]
}

export interface Sample {
  labels: Record<string, string>
  value: number
  /** Where it differs from the family's: `_bucket`, `_sum`, `_count`. */
  metricName?: string
}

export interface Tally {
  value: number
}

interface TallySettings {
  name: string
  help: string
  type: 'counter' | 'gauge'
  labels?: readonly string[]
  /** What is counted, divided by this, is shown (nano-USD -> USD). */
  divisor?: number
  /** Most combinations of label values; what comes later is counted as `other`. */
  limit?: number
}

/** What stands for a name that came too late to have a series of its own. */
export const otherName = 'other'

/** Numbers under one name, told apart by label values. Keep what `of` gives: adding to it is the fast path. */
export class TallyFamily implements Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly #labels: readonly string[]
  readonly #divisor: number
  readonly #limit: number
  readonly #children = new Map<string, Tally & { values: string[] }>()

  constructor({ name, help, type, labels = [], divisor = 1, limit = Infinity }: TallySettings) {
    this.name = name
    this.help = help
    this.type = type
    this.#labels = labels
    this.#divisor = divisor
    this.#limit = limit
  }

  of(...values: string[]): Tally {
    const key = values.join('\n')
    const known = this.#children.get(key)
    if (known !== undefined) return known
    const isOther = values.every((value) => value === otherName)
    if (this.#children.size >= this.#limit && !isOther) return this.of(...values.map(() => otherName))
    const child = { value: 0, values }
    this.#children.set(key, child)
    return child
  }

  samples(): Sample[] {
    return Array.from(this.#children.values(), ({ value, values }) => ({
      labels: nameLabels(this.#labels, values),
      value: value / this.#divisor,
    }))
  }
}

export class Distribution {
  readonly #bounds: readonly number[]
  /** One more than there are bounds: what is above the last. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  observe(value: number): void {
    let index = 0
    while (index < this.#bounds.length && value > (this.#bounds[index] ?? Infinity)) index += 1
    this.counts[index] = (this.counts[index] ?? 0) + 1
    this.sum += value
  }
}

/** Distributions under one name; `bounds` are upper bounds, inclusive, ascending. */
export class DistributionFamily implements Family {
  readonly name: string
  readonly help: string
  readonly type = 'histogram'
  readonly #labels: readonly string[]
  readonly #bounds: readonly number[]
  readonly #children: { values: string[]; distribution: Distribution }[] = []

  constructor({ name, help, labels, bounds }: { name: string; help: string; labels: string[]; bounds: number[] }) {
    this.name = name
    this.help = help
    this.#labels = labels
    this.#bounds = bounds
  }

  /** A new series: the caller makes one per combination of label values and keeps it. */
  add(...values: string[]): Distribution {
    const distribution = new Distribution(this.#bounds)
    this.#children.push({ values, distribution })
    return distribution
  }

  samples(): Sample[] {
    return this.#children.flatMap(({ values, distribution }) =>
      this.#samplesOf(distribution, nameLabels(this.#labels, values)),
    )
  }

  #samplesOf({ counts, sum }: Distribution, labels: Record<string, string>): Sample[] {
    let count = 0
    const buckets = counts.map((more, index) => {
      count += more
      const le = String(this.#bounds[index] ?? '+Inf')
      return { labels: { le, ...labels }, value: count, metricName: `${this.name}_bucket` }
    })
    if (count === 0) return []
    return [
      ...buckets,
      { labels, value: sum, metricName: `${this.name}_sum` },
      { labels, value: count, metricName: `${this.name}_count` },
    ]
  }
}

function nameLabels(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}
