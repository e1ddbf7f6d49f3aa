import { createTurns } from '../config/in-turn.ts'
import type { Configuration } from './configuration.ts'

/** A configuration whose edits can take back more than its text: keys that went with them. */
export interface RestoringConfiguration extends Configuration {
  /** `bringBack` runs before the edit of that id is taken back, once; `takeAway` where that then fails. */
  beforeUndo(id: string, restore: Restore): void
}

export interface Restore {
  bringBack: () => Promise<void>
  takeAway: () => Promise<void>
}

/** A removed key is held this long in memory, and no longer than edits can be taken back. */
const keptMs = 10 * 60_000

/**
 * Wraps the one Configuration: whoever answers `config.undo` must use the wrapped one. A text with references loads only
 * where their keys are, so the keys come back first.
 */
export function withRestores(configuration: Configuration, now: () => number): RestoringConfiguration {
  const restores = new Map<string, Restore & { until: number }>()
  // A second click must not bring back what the first is bringing back, and take it away when it fails.
  const inTurn = createTurns()
  const forgetOld = (): void => {
    for (const [id, { until }] of restores) if (until <= now()) restores.delete(id)
  }
  return {
    current: () => configuration.current(),
    text: () => configuration.text(),
    edit: (edits) => configuration.edit(edits),
    replace: (text) => configuration.replace(text),
    undo: (id) =>
      inTurn(async () => {
        forgetOld()
        const restore = restores.get(id)
        await restore?.bringBack()
        await configuration.undo(id).catch(async (error: unknown) => {
          await restore?.takeAway()
          throw error
        })
        // Only now: an undo that has to wait for a later one needs the key again.
        restores.delete(id)
      }),
    beforeUndo(id, restore) {
      forgetOld()
      restores.set(id, { ...restore, until: now() + keptMs })
    },
  }
}
