import type { Configuration } from '../../../gateway/api/configuration.ts'
import { withRestores, type RestoringConfiguration } from '../../../gateway/api/keys-restore.ts'
import type { RoutingView } from '../../../gateway/api/providers-view.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import { editConfigText, editsFor } from '../../../gateway/config/save.ts'
import type { LoadedConfig } from '../../../gateway/config/types.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Probe } from '../../../gateway/pipeline/probe.ts'
import { routingTable } from '../../../gateway/pipeline/route.ts'
import { providerRows, resolveProvider } from '../../../gateway/providers/provider.ts'
import type { Secrets, SecretOrigin } from '../../../gateway/stores/secrets.ts'

export interface MemorySecrets extends Secrets {
  /** NAME -> where it is and what it is. */
  readonly kept: Map<string, { from: SecretOrigin; value: string }>
}

/** A keychain that is a map; what the environment has cannot be deleted. */
export function memorySecrets(environment: Record<string, string> = {}): MemorySecrets {
  const kept: MemorySecrets['kept'] = new Map(
    Object.entries(environment).map(([name, value]) => [name, { from: 'environment', value }]),
  )
  return {
    kept,
    get: (name) => Promise.resolve(kept.get(name)),
    set(name, value, options) {
      const from = options?.consentToFile === true ? 'file' : 'keychain'
      kept.set(name, { from, value })
      return Promise.resolve(from)
    },
    delete(name) {
      if (kept.get(name)?.from !== 'environment') kept.delete(name)
      return Promise.resolve()
    },
    describe: () => Promise.resolve({ kind: 'keychain', problem: null, fileIsPossible: false }),
  }
}

/** The configuration as a text in memory: read again, with its keys, at every change. Keys that are nowhere are left out, as on the desktop. */
export function memoryConfiguration(text: string, secrets: MemorySecrets = memorySecrets()): RestoringConfiguration {
  const before = new Map<string, string>()
  let now = text
  let loaded = load(now, secrets)
  const take = (next: string): { undo: string } => {
    loaded = load(next, secrets)
    const undo = `undo-${before.size + 1}`
    before.set(undo, now)
    now = next
    return { undo }
  }
  const configuration: Configuration = {
    current: () => loaded,
    text: () => Promise.resolve(now),
    edit: async (edits) => take(editConfigText(now, editsFor(now, edits))),
    replace: async (next) => take(next),
    async undo(id) {
      const old = before.get(id)
      if (old === undefined) throw new GatewayError('not_found', 'too late')
      now = old
      loaded = load(now, secrets)
    },
  }
  return withRestores(configuration, () => 0)
}

function load(text: string, secrets: MemorySecrets): LoadedConfig {
  const env = Object.fromEntries([...secrets.kept].map(([name, { value }]) => [name, value]))
  const known = text.replaceAll(/\n *apiKey: \$\{(\w+)\}/g, (line, name: string) => (name in env ? line : ''))
  return parseConfig(known, { file: 'gateway.yaml', env, knownProviders: providerRows })
}

/** What a Runtime is of the configuration in force. */
export function routingView(configuration: Pick<Configuration, 'current'>, probe: Probe = silentProbe): RoutingView {
  const { config } = configuration.current()
  const providers = config.providers.map((provider, order) => resolveProvider(provider, order))
  return { providers, table: routingTable(config, providers), probe }
}

/** Nobody was asked yet, and nobody may be. */
const silentProbe: Probe = {
  last: () => undefined,
  check: ({ name }) => Promise.reject(new Error(`${name} was asked`)),
}
