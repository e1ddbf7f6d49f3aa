import type { ConfigHome } from '../gateway/config/home.ts'
import type { LoadedConfig } from '../gateway/config/types.ts'

/** The home with a say in everything that is loaded from it: what the command line asks for, what there is to tell. */
export function adjustedHome(home: ConfigHome, adjust: (loaded: LoadedConfig) => LoadedConfig): ConfigHome {
  return {
    kind: home.kind,
    file: home.file,
    text: () => home.text(),
    write: async (text) => adjust(await home.write(text)),
    edit: async (edits) => adjust(await home.edit(edits)),
    load: async () => adjust(await home.load()),
  }
}
