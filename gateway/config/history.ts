import { GatewayError } from '../errors.ts'
import type { ConfigHome } from './home.ts'
import type { LoadedConfig } from './types.ts'

export interface HistoryOptions {
  home: ConfigHome
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => string
}

export interface History {
  /** Makes a change of the configuration that can be taken back. */
  change(make: () => Promise<LoadedConfig>): Promise<{ loaded: LoadedConfig; undo: string }>
  /** Throws where something else has changed since, or it was too long ago; then nothing changes. */
  undo(id: string): Promise<LoadedConfig>
}

interface Change {
  madeAt: number
  before: string
  after: string
}

const mostChanges = 20
const longestMs = 10 * 60_000

export function createHistory({ home, now, newId }: HistoryOptions): History {
  const changes = new Map<string, Change>()
  const forgetOld = (): void => {
    for (const [id, { madeAt }] of changes) {
      if (changes.size > mostChanges || now() - madeAt > longestMs) changes.delete(id)
    }
  }
  return {
    async change(make) {
      const before = await home.text()
      const loaded = await make()
      const undo = newId()
      changes.set(undo, { madeAt: now(), before, after: await home.text() })
      forgetOld()
      return { loaded, undo }
    },
    async undo(id) {
      forgetOld()
      const change = changes.get(id)
      if (change === undefined) throw tooLate()
      if ((await home.text()) !== change.after) throw changedSince()
      // The same text: what changed were the keys it refers to.
      const loaded = await (change.before === change.after ? home.load() : home.write(change.before))
      changes.delete(id)
      return loaded
    },
  }
}

function tooLate(): GatewayError {
  return new GatewayError(
    'not_found',
    'This change can no longer be taken back: that is possible for ten minutes, and for the last 20 changes.',
  )
}

function changedSince(): GatewayError {
  return new GatewayError(
    'invalid_request',
    'The configuration has changed again since, so this was not taken back. Take back the later change first, or edit the value.',
  )
}
