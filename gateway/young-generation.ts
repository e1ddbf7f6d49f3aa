import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Bytes. What a busy gateway allocates between two collections fits; V8's own limit is four times as much. */
const enough = 16 * 1024 * 1024
const callsPerLook = 64

/**
 * Call it once per call. V8 doubles the young generation under load up to 128 MB and keeps it: this stops the growth
 * at a size that costs no measurable speed, and allows it again after V8 has shrunk it. At start nothing grows: what is
 * read then is not needed again. The limit itself cannot be
 * set in a running process, and a packaged app takes no flags.
 */
export function limitYoungGeneration(): () => void {
  let calls = 0
  let isHeld = hold(true)
  return () => {
    calls += 1
    if (calls % callsPerLook !== 0) return
    const size = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
    if (size >= enough === isHeld) return
    if (isHeld && size > enough / 2) return
    isHeld = hold(!isHeld)
  }
}

function hold(isHeld: boolean): boolean {
  setFlagsFromString(`--semi-space-growth-factor=${isHeld ? 1 : 2}`)
  return isHeld
}
