import { join } from 'node:path'

/** Where the built window lies, as ports of createGateway. */
export interface BuiltUi {
  uiFolder?: string
  uiFiles?: () => Promise<Map<string, Uint8Array>>
}

/** The build replaces this file: the one-file program carries the window inside, the app has it beside its own file. */
export function builtUi(): BuiltUi {
  return { uiFolder: join(import.meta.dirname, '../dist/renderer') }
}
