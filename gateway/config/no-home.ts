import { GatewayError } from '../errors.ts'
import { defaultConfig } from './defaults.ts'
import type { ConfigHome } from './home.ts'

/** Without a configuration file there is nowhere for edits to go. */
export function noHome(): ConfigHome {
  return {
    kind: 'none',
    file: undefined,
    text: async () => '',
    write: refuse,
    edit: refuse,
    load: async () => ({ config: defaultConfig(), notices: [] }),
  }
}

async function refuse(): Promise<never> {
  throw new GatewayError(
    'invalid_request',
    'This gateway runs without a configuration file, so nothing can be changed. Start it with --config gateway.yaml.',
  )
}
