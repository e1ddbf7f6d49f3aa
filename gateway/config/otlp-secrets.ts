import type { Config } from './schema.ts'

/** What must never be shown of where telemetry goes: all its headers, because collectors take keys by any name. */
export function otlpSecrets({ otlp }: Config['telemetry']): string[] {
  if (otlp === undefined) return []
  const { password } = new URL(otlp.endpoint)
  return [...Object.values(otlp.headers ?? {}), ...(password === '' ? [] : [password])]
}
