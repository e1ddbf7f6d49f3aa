import { describe, expect, test } from 'vitest'
import { defaultConfig } from '../../../gateway/config/defaults.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import { effectiveConfigYaml, toConfigInput } from '../../../gateway/config/print.ts'
import { configSchema } from '../../../gateway/config/schema.ts'

const options = { file: 'gateway.yaml', env: {} }

const full = `
server: { port: 1, host: localhost, readTimeout: 1500ms, bodyLimit: 1536B, allowedHosts: [box] }
providers:
  - name: openai
    apiKey: sk-secret-1
    baseUrl: https://user:pa@ss@proxy.example/v1?api_key=sk-secret-2&region=eu
    models: ["gpt-*"]
    headers:
      Authorization: Bearer sk-secret-3
      X-Api-Key: sk-secret-4
      X-Team: red
      X-Odd: sk-secret-5-5555
      X-Long: 0123456789abcdef0123456789abcdef
      X-Cost: $$5 $\${NOT_A_VARIABLE}
    timeout: 1h30m
    modelMap: { "*": gpt-5 }
  - { name: azure, apiKey: sk-secret-6, baseUrl: "https://a.example", deployments: { gpt-4: d }, apiVersion: "2024-10-21" }
routing:
  modelMappings: { fast: [{ provider: openai, model: gpt-5, weight: 1 }] }
  fallbackChain: [openai, { provider: azure, models: { a: b } }]
cache: { maxSize: 0.5 }
rateLimit: { perModel: { gpt-4.1: { tokens: 5, window: 90s } } }
auth: { keys: [{ name: a, key: sk-secret-7 }, { name: b, hash: "sha256:${'a'.repeat(64)}" }], anonymous: false }
pricing: { overrides: { gpt-5: { input: 0.25, output: 1.5 } } }
network: { proxy: "http://me:sk-secret-8@proxy.example:3128" }
`

describe('effectiveConfigYaml', () => {
  const { config } = parseConfig(full, options)
  const printed = effectiveConfigYaml(config)

  test('shows no secret', () => {
    expect(printed).not.toMatch(/sk-secret|pa@ss|0123456789abcdef/)
    expect(printed.match(/\*\*\*/g)).toHaveLength(10)
  })

  test('shows what is no secret', () => {
    for (const text of ['X-Team: red', 'region=eu', '@proxy.example:3128', `sha256:${'a'.repeat(64)}`]) {
      expect(printed).toContain(text)
    }
  })

  test('writes units', () => {
    for (const text of [
      '1s500ms',
      'bodyLimit: 1536B',
      'timeout: 1h30m',
      'maxSize: 512KB',
      'window: 1m30s',
      'retention: 90d',
    ]) {
      expect(printed).toContain(text)
    }
  })

  test('loads again to the same, but for the secrets', () => {
    const again = parseConfig(printed, options).config
    expect(effectiveConfigYaml(again)).toBe(printed)
    expect(again).toEqual({
      ...config,
      providers: [
        {
          ...config.providers[0],
          apiKey: '***',
          baseUrl: 'https://***@proxy.example/v1?api_key=***&region=eu',
          headers: {
            Authorization: '***',
            'X-Api-Key': '***',
            'X-Team': 'red',
            'X-Odd': '***',
            'X-Long': '***',
            'X-Cost': '$5 ${NOT_A_VARIABLE}',
          },
        },
        { ...config.providers[1], apiKey: '***' },
      ],
      auth: { ...config.auth, keys: [{ name: 'a', key: '***', disabled: false }, config.auth.keys[1]] },
      network: { ...config.network, proxy: 'http://***@proxy.example:3128' },
    })
  })

  test('the defaults load again', () => {
    expect(parseConfig(effectiveConfigYaml(defaultConfig()), options).config).toEqual(defaultConfig())
  })
})

test('toConfigInput is the inverse of the schema, secrets included', () => {
  const { config } = parseConfig(full, options)
  expect(configSchema.parse(toConfigInput(config))).toEqual(config)
  expect(toConfigInput(config).providers?.[0]?.apiKey).toBe('sk-secret-1')
})
