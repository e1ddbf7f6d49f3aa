import { describe, expect, test } from 'vitest'
import { exportConfig } from '../../../gateway/config/export.ts'
import { parseConfig } from '../../../gateway/config/load.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'

const plain = `server: { port: 8080, host: 127.0.0.1, drainTimeout: 5s }
providers:
  - name: openai
    apiKey: sk-literal-1
    timeout: 10m
    maxRetries: 3
  - { name: home, type: openai, apiKey: sk-literal-2, headers: { Authorization: Bearer literal-3, x-team: red } }
  - { name: box, type: ollama, baseUrl: "http://me:literal-4@127.0.0.1:11434" }
  - { name: mist, type: mistral, apiKey: "\${MISTRAL_API_KEY:-sk-literal-5}" }
  - { name: other, baseUrl: "\${OTHER_URL:-http://127.0.0.1:9}", apiKey: "\${OPENAI_API_KEY_OTHER}" }
cache: { enabled: false, ttl: 3600s }
auth: { keys: [{ name: team-a, key: literal-client-6 }] }
network: { proxy: "http://me:literal-7@proxy.example:3128" }
`
const variables = {
  OPENAI_API_KEY: 'sk-literal-1',
  HOME_API_KEY: 'sk-literal-2',
  HOME_AUTHORIZATION: 'Bearer literal-3',
  BOX_BASE_URL: 'http://me:literal-4@127.0.0.1:11434',
  MISTRAL_API_KEY: 'sk-literal-5',
  OPENAI_API_KEY_OTHER: 'sk-8',
  GATEWAY_KEY_TEAM_A: 'literal-client-6',
  GATEWAY_PROXY: 'http://me:literal-7@proxy.example:3128',
}

const load = (text: string, env: Record<string, string>) =>
  parseConfig(text, { file: 'gateway.yaml', env, knownProviders: providerRows }).config

describe('what is exported', () => {
  test('holds no secret, and with its variables set is the same configuration', async () => {
    const text = await exportConfig(plain, providerRows)
    expect(text).not.toContain('literal')
    expect(load(text, variables)).toEqual(load(plain, { OPENAI_API_KEY_OTHER: 'sk-8' }))
  })

  test('says which variables to set, and how it is started', async () => {
    const head = (await exportConfig(plain, providerRows)).split('\n\n')[0] ?? ''
    expect(head.split('\n')).toEqual([
      '# LLM Gateway configuration, exported from the app.',
      '# No key is in it. Set these environment variables where it runs:',
      '#   OPENAI_API_KEY        key of the provider "openai"',
      '#   HOME_API_KEY          key of the provider "home"',
      '#   HOME_AUTHORIZATION    header Authorization of the provider "home"',
      '#   BOX_BASE_URL          address of the provider "box"',
      '#   MISTRAL_API_KEY       key of the provider "mist"',
      '#   OTHER_URL             address of the provider "other" (optional)',
      '#   OPENAI_API_KEY_OTHER  key of the provider "other"',
      '#   GATEWAY_KEY_TEAM_A    key of the client "team-a"',
      '#   GATEWAY_PROXY         network.proxy',
      '# Start it without a window:',
      '#   llm-gateway --no-ui --config gateway.yaml',
    ])
  })

  test('leaves out defaults and explains its sections, where nobody has commented it', async () => {
    const text = await exportConfig(plain, providerRows)
    expect(text).toContain('\n\n# Where the gateway listens.')
    expect(text).toContain('server: { drainTimeout: 5s }')
    expect(text).not.toMatch(/^ *timeout:|^cache:/m)
    expect(text).toContain('maxRetries: 3')
  })

  test('keeps comments and all keys of a file by hand, but for keys in the comments', async () => {
    const text = await exportConfig(
      `# mine\n${plain}# was: sk-literal-1, apiKey: literal-old-9 # "colour" # 1\n`,
      providerRows,
    )
    expect(text).toContain('\n\n# mine\nserver: { port: 8080,')
    expect(text).toContain('# was: ***, apiKey: *** # "colour" # 1')
    expect(text).toContain('timeout: 10m')
    expect(text).not.toContain('literal')
  })

  test('is the same when it is taken in and exported again', async () => {
    const once = await exportConfig(plain, providerRows)
    expect(await exportConfig(once, providerRows)).toBe(once)
  })

  test.each([[''], ['{}'], ['server: { port: 8080 }\n']])('%j: the defaults load', async (text) => {
    const exported = await exportConfig(text, providerRows)
    expect(exported).toContain('needs no environment variables')
    expect(load(exported, {})).toEqual(load('', {}))
  })

  test('one name for one value, another for another', async () => {
    const text = await exportConfig(
      'providers:\n  - { name: a, type: openai, apiKey: k-1 }\n  - { name: b, type: openai, apiKey: k-1 }\n  - { name: c, type: openai, apiKey: k-2 }\n  - { name: d, apiKey: "${C_API_KEY}", baseUrl: "http://d.example" }\n',
      providerRows,
    )
    expect([...text.matchAll(/apiKey: "\$\{(\w+)\}"/g)].map(([, name]) => name)).toEqual([
      'OPENAI_API_KEY',
      'OPENAI_API_KEY',
      'C_API_KEY_2',
      'C_API_KEY',
    ])
  })
})
