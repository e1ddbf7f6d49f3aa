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
  const forgetOld = (): void => {
    for (const [id, { until }] of restores) if (until <= now()) restores.delete(id)
  }
  return {
    current: () => configuration.current(),
    text: () => configuration.text(),
    edit: (edits) => configuration.edit(edits),
    replace: (text) => configuration.replace(text),
    async undo(id) {
      forgetOld()
      const restore = restores.get(id)
      restores.delete(id)
      await restore?.bringBack()
      await configuration.undo(id).catch(async (error: unknown) => {
        await restore?.takeAway()
        throw error
      })
    },
    beforeUndo(id, restore) {
      forgetOld()
      restores.set(id, { ...restore, until: now() + keptMs })
    },
  }
}
