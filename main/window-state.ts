import { z } from 'zod'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const windowState = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  isMaximized: z.boolean(),
})
export type WindowState = z.output<typeof windowState>

export interface Placement {
  /** Without x and y: in the middle of the main display. */
  bounds: { width: number; height: number; x?: number; y?: number }
  isMaximized: boolean
}

export const smallest = { width: 880, height: 560 }
const usual = { width: 1120, height: 760 }
/** Enough of the window to take hold of it. */
const grip = 80

/** Where the window goes: where it was, if that can still be seen on one of the displays (their work areas). */
export function placeWindow(saved: unknown, displays: readonly Rectangle[]): Placement {
  const { success, data } = windowState.safeParse(saved)
  if (!success) return { bounds: fit(usual, displays[0]), isMaximized: false }
  const { isMaximized, x, y } = data
  const home = displays.find((display) => canBeGrabbed(data, display))
  const size = fit(data, home ?? displays[0])
  return { bounds: home === undefined ? size : { ...size, x, y }, isMaximized }
}

function fit({ width, height }: { width: number; height: number }, display: Rectangle | undefined) {
  const largest = display ?? { width, height }
  return {
    width: Math.round(Math.max(smallest.width, Math.min(width, largest.width))),
    height: Math.round(Math.max(smallest.height, Math.min(height, largest.height))),
  }
}

/** By its title bar. */
function canBeGrabbed({ x, y, width }: Rectangle, display: Rectangle): boolean {
  const seen = Math.min(x + width, display.x + display.width) - Math.max(x, display.x)
  return seen >= grip && y >= display.y && y <= display.y + display.height - grip
}
