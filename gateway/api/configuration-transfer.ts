import { exportConfig } from '../config/export.ts'
import type { Environment } from '../config/interpolate.ts'
import { previewConfig } from '../config/preview.ts'
import { providerRows } from '../providers/rows.ts'
import type { Secrets } from '../stores/secrets.ts'
import type { HandlersOf } from './api.ts'
import type { Configuration } from './configuration.ts'

export interface ConfigPorts {
  configuration: Configuration
  secrets: Secrets
  env: Environment
}

/** The configuration as a text: out, in with a look before, and back again. */
export function createConfigHandlers({ configuration, secrets, env }: ConfigPorts): HandlersOf<'config'> {
  return {
    'config.export': async () => ({ yaml: await exportConfig(await configuration.text(), providerRows) }),
    'config.preview': async ({ yaml }) =>
      previewConfig(await configuration.text(), yaml, { secrets, env, knownProviders: providerRows }),
    'config.import': ({ yaml }) => configuration.replace(yaml),
    async 'config.undo'({ undo }) {
      await configuration.undo(undo)
      return {}
    },
  }
}
