import type { History } from '../config/history.ts'
import type { ConfigHome } from '../config/home.ts'
import { createTurns } from '../config/in-turn.ts'
import type { ConfigEdits } from '../config/save.ts'
import { ConfigError, type LoadedConfig } from '../config/types.ts'

/** The configuration in force and the one way to change it: what is kept is taken up at once, and can be taken back. */
export interface Configuration {
  current(): LoadedConfig
  /** As YAML, secrets as references. */
  text(): Promise<string>
  /** An empty list: reads the configuration and its secrets afresh. */
  edit(edits: ConfigEdits): Promise<{ undo: string }>
  replace(text: string): Promise<{ undo: string }>
  /** Throws GatewayError `not_found` for an id that is not known (any more). */
  undo(id: string): Promise<void>
}

export interface ConfigurationPorts {
  home: ConfigHome
  history: History
  current: () => LoadedConfig
  /** Takes up what was just kept. */
  reload: (loaded: LoadedConfig) => void
}

export function createConfiguration({ home, history, current, reload }: ConfigurationPorts): Configuration {
  // One after the other: an edit is made on the text that the one before left.
  const inTurn = createTurns()
  const change = (make: () => Promise<LoadedConfig>): Promise<{ undo: string }> =>
    inTurn(async () => {
      const { loaded, undo } = await history.change(make)
      reload(loaded)
      return { undo }
    })
  return {
    current,
    text: () => home.text(),
    // A function without parameters has the length 0, too.
    edit: (edits) => change(() => (typeof edits !== 'function' && edits.length === 0 ? home.load() : home.edit(edits))),
    replace: (text) =>
      change(async () => {
        await checkReplaceable(home)
        return home.write(text)
      }),
    undo: (id) => inTurn(async () => reload(await history.undo(id))),
  }
}

/** A file that somebody is in the middle of editing, and that does not load, is theirs: it could not be brought back. */
async function checkReplaceable(home: ConfigHome): Promise<void> {
  if (home.kind !== 'file' || (await home.text()) === '') return
  try {
    await home.load()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const message = `the file that is there does not load, and is not replaced: correct it, or move it away (${home.file})`
    throw new ConfigError(home.file ?? '', [{ path: '', message }, ...error.problems])
  }
}
