import type { Config } from './schema.ts'
import { configSchema } from './schema.ts'

/** What runs without a file: all defaults, no providers. */
export function defaultConfig(): Config {
  return configSchema.parse({})
}

/** The providers of a gateway that has none: the built-in demo, which is never worth a second try. */
export function demoProviders(): Config['providers'] {
  return configSchema.parse({ providers: [{ name: 'demo', type: 'demo', maxRetries: 0 }] }).providers
}
