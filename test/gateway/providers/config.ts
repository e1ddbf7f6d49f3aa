import { configSchema, type ConfigInput, type ProviderConfig } from '../../../gateway/config/schema.ts'

type ProviderInput = NonNullable<ConfigInput['providers']>[number]

/** A provider's configuration with all defaults, as loading gives it. */
export function providerConfig(input: ProviderInput): ProviderConfig {
  return configSchema.parse({ providers: [input] }).providers[0] as ProviderConfig
}
