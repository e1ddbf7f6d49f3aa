import type { Config } from './schema.ts'
import { configSchema } from './schema.ts'

/** What runs without a file: all defaults, no providers. */
export function defaultConfig(): Config {
  return configSchema.parse({})
}
