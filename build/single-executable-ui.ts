import { getAsset } from 'node:sea'
import { unpackUi } from './embedded-ui.ts'

/** Stands for gateway/built-ui.ts in the executable: the window is an asset of it. */
export function builtUi(): { uiFiles: () => Promise<Map<string, Uint8Array>> } {
  return { uiFiles: () => unpackUi(getAsset('ui', 'utf8')) }
}
