import type { ConfigEdits } from './save.ts'
import type { LoadedConfig } from './types.ts'

/** Where the configuration lives and edits go: a gateway.yaml, or the desktop app's own settings. */
export interface ConfigHome {
  readonly kind: 'file' | 'app' | 'none'
  /** Of kind `file`: its path. */
  readonly file: string | undefined
  /** As YAML, secrets as references `${NAME}` wherever they are references. */
  text(): Promise<string>
  /** Checks the outcome as a whole, then keeps it. Throws ConfigError, and then nothing has changed. */
  write(text: string): Promise<LoadedConfig>
  /** `write` of the text with these edits made; comments and order stay. */
  edit(edits: ConfigEdits): Promise<LoadedConfig>
  /** Reads it and its secrets afresh. */
  load(): Promise<LoadedConfig>
}
