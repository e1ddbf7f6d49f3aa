import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Bytes. What a busy gateway allocates between two collections fits; V8's own limit is four times as much. */
const enough = 16 * 1024 * 1024
const callsPerLook = 64

/** What is asked of V8 and told to it. */
export interface YoungGeneration {
  /** Bytes. */
  size(): number
  /** By how much it grows when what is in it survives; 1 holds it. */
  setGrowthFactor(factor: 1 | 2): void
}

const ofThisProcess: YoungGeneration = {
  size: () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0,
  setGrowthFactor: (factor) => setFlagsFromString(`--semi-space-growth-factor=${factor}`),
}

/**
 * Call what it returns once per call. V8 doubles the young generation under load up to 128 MB and keeps it: this stops
 * the growth at a size that costs no measurable speed, and allows it again after V8 has shrunk it. At start nothing
 * grows: what is read then is not needed again. The limit itself cannot be set in a running process, and a packaged app
 * takes no flags.
 */
export function limitYoungGeneration(young: YoungGeneration = ofThisProcess): () => void {
  let calls = 0
  let isHeld = true
  const hold = (held: boolean): void => {
    isHeld = held
    young.setGrowthFactor(held ? 1 : 2)
  }
  hold(true)
  return () => {
    calls += 1
    if (calls % callsPerLook !== 0) return
    const size = young.size()
    if (!isHeld && size >= enough) hold(true)
    // Well below the limit, or it would be held and let go by turns.
    else if (isHeld && size <= enough / 2) hold(false)
  }
}
