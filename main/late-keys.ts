import type { LoadedConfig } from '../gateway/config/types.ts'

export interface LateKeysPorts {
  loaded: () => LoadedConfig
  /** Whether a key is found now. */
  isFound: (name: string) => Promise<boolean>
  /** Reads configuration and keys afresh and takes them up. */
  reload: () => Promise<void>
}

/** Seldom enough for a laptop on battery, soon enough for somebody who has just unlocked the keychain. */
const lookMs = 30_000

/** An app that starts at login is there before the keychain is unlocked: what it misses then, it looks for again. */
export function watchLateKeys({ loaded, isFound, reload }: LateKeysPorts): () => void {
  const timer = setInterval(() => {
    void look().catch(() => undefined)
  }, lookMs).unref()

  async function look(): Promise<void> {
    for (const name of loaded().missingKeys ?? []) if (await isFound(name)) return reload()
  }

  return () => clearInterval(timer)
}
