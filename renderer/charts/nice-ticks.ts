/** Three to five round steps from zero that hold `maximum`. `smallest`: no step is finer (1 for counts). */
export function niceTicks(maximum: number, smallest = 0): number[] {
  if (maximum <= 0) return [0]
  const rough = maximum / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(smallest, ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power)
  const ticks: number[] = []
  // Rounding keeps 0.1 + 0.2 from becoming a label.
  for (let index = 0; ticks.length === 0 || (ticks.at(-1) ?? 0) < maximum; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)))
  }
  return ticks
}
