import { describe, expect, test } from 'vitest'
import { exportConfig } from '../../../gateway/config/export.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import { otlpSecrets } from '../../../gateway/config/otlp-secrets.ts'
import { effectiveConfigYaml } from '../../../gateway/config/print.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'

const text = `telemetry:
  otlp:
    endpoint: https://me:literal-1@otlp.example
    headers: { x-honeycomb-team: literal-22, X-Tenant: prod }
`
const load = (yaml: string, env: Record<string, string> = {}) => parseConfig(yaml, { file: 'gateway.yaml', env }).config

test('every header is a secret, and a password in the address', () => {
  expect(otlpSecrets(load(text).telemetry)).toEqual(['literal-22', 'prod', 'literal-1'])
  expect(otlpSecrets({})).toEqual([])
})

test('none is printed', () => {
  const printed = effectiveConfigYaml(load(text))
  expect(printed).not.toMatch(/literal|prod/)
  expect(load(printed).telemetry.otlp).toEqual({
    endpoint: 'https://***@otlp.example',
    headers: { 'x-honeycomb-team': '***', 'X-Tenant': '***' },
    traces: true,
    metrics: true,
    captureContent: false,
  })
})

describe('an exported file', () => {
  test('has references, says which, and with them is the same', async () => {
    const exported = await exportConfig(text, providerRows)
    expect(exported).not.toContain('literal')
    expect(exported).toContain('OTLP_X_HONEYCOMB_TEAM  header x-honeycomb-team of the OTLP collector')
    const env = { OTLP_ENDPOINT: 'https://me:literal-1@otlp.example', OTLP_X_HONEYCOMB_TEAM: 'literal-22' }
    expect(load(exported, env)).toEqual(load(text))
  })
})
