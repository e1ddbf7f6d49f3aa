import { join } from 'node:path'

/** Stands for gateway/built-ui.ts in the app: dist/renderer lies beside dist/main. */
export function builtUi(): { uiFolder: string } {
  return { uiFolder: join(import.meta.dirname, '../renderer') }
}
