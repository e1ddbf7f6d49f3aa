import { exportConfig } from '../config/export.ts'
import type { Environment } from '../config/interpolate.ts'
import { parseConfig } from '../config/load.ts'
import { previewConfig } from '../config/preview.ts'
import { resolveReferences } from '../config/resolve-references.ts'
import { providerRows } from '../providers/rows.ts'
import { GatewayError } from '../errors.ts'
import type { Secrets } from '../stores/secrets.ts'
import type { HandlersOf } from './api.ts'
import type { Configuration } from './configuration.ts'

export interface ConfigPorts {
  configuration: Configuration
  secrets: Secrets
  env: Environment
}

/** Reading YAML holds up all streams meanwhile, and what people write by hand is a tenth of this. Characters. */
const longestText = 128 * 1024

/** The configuration as a text: out, in with a look before, and back again. */
export function createConfigHandlers({ configuration, ...stores }: ConfigPorts): HandlersOf<'config'> {
  return {
    async 'config.export'() {
      const text = await configuration.text()
      await checkLoads(text, stores)
      return { yaml: await exportConfig(text, providerRows) }
    },
    async 'config.preview'({ yaml }) {
      checkLength(yaml)
      return previewConfig(await configuration.text(), yaml, { ...stores, knownProviders: providerRows })
    },
    'config.import'({ yaml }) {
      checkLength(yaml)
      return configuration.replace(yaml)
    },
    async 'config.undo'({ undo }) {
      await configuration.undo(undo)
      return {}
    },
  }
}

function checkLength(yaml: string): void {
  if (yaml.length <= longestText) return
  const text = `This text is longer than the ${longestText / 1024} KB a configuration may have here.`
  throw new GatewayError('invalid_request', text, { param: 'yaml' })
}

/** A file that was broken by hand since would go out with its keys, which only stand out where they are expected. */
async function checkLoads(text: string, stores: Omit<ConfigPorts, 'configuration'>): Promise<void> {
  const { env } = await resolveReferences(text, stores)
  parseConfig(text, { file: 'gateway.yaml', env, knownProviders: providerRows, mayMiss: () => true })
}
