import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { defaultConfig } from '../../../gateway/config/defaults.ts'
import { loadConfigFile, parseConfig } from '../../../gateway/config/load.ts'
import { ConfigError } from '../../../gateway/config/types.ts'
import { problemsOf } from './problems.ts'

const briefFile = '../shared/reference/brief.md'
const keys = { OPENAI_API_KEY: 'sk-one', ANTHROPIC_API_KEY: 'sk-two', AZURE_API_KEY: '1234567890' }

function yamlBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '')
}

describe.skipIf(!existsSync(briefFile))(`every configuration in ${briefFile} loads unchanged`, () => {
  const blocks = existsSync(briefFile) ? yamlBlocks(readFileSync(briefFile, 'utf8')) : []
  const load = (text: string) => parseConfig(text, { file: 'gateway.yaml', env: keys })

  test('there are seven', () => {
    expect(blocks).toHaveLength(7)
  })

  test.each(blocks.map((text) => [text.split('\n')[0], text]))('%s', (_, text) => {
    expect(load(text).config).toBeDefined()
  })

  test('each key of the reference has its effect', () => {
    const reference = blocks.find((text) => text.includes('requestBody')) ?? ''
    const { config, notices } = load(reference)
    expect(config).toMatchObject({
      server: {
        port: 8080,
        host: '0.0.0.0',
        readTimeout: 30_000,
        writeTimeout: 120_000,
        cors: { enabled: true, allowedOrigins: ['*'] },
      },
      providers: [
        {
          name: 'openai',
          apiKey: 'sk-one',
          baseUrl: 'https://api.openai.com/v1',
          models: ['gpt-4', 'gpt-4-turbo', 'gpt-3.5-turbo'],
          priority: 1,
          timeout: 60_000,
          maxRetries: 3,
        },
      ],
      routing: {
        defaultProvider: 'openai',
        modelMappings: { fast: { provider: 'openai', model: 'gpt-3.5-turbo' } },
        fallbackChain: ['openai', 'anthropic'],
      },
      cache: { enabled: true, backend: 'memory', ttl: 3_600_000, maxSize: 512 * 1024 * 1024 },
      rateLimit: {
        enabled: false,
        global: { requests: 10_000, window: 60_000 },
        perKey: { requests: 1000, window: 60_000 },
      },
      metrics: { enabled: true, endpoint: '/metrics' },
      logging: { level: 'info', format: 'json', requestBody: false },
    })
    expect(notices).toEqual([
      'routing.fallbackChain[1]: no provider "anthropic" is configured; the chain skips it',
      'server.host 0.0.0.0: anyone who can reach this address can spend your money: set auth.keys and auth.anonymous: false',
      'server.cors.allowedOrigins "*": any web page open in a browser that reaches the gateway can use it',
    ])
  })
})

describe('what needs nothing', () => {
  test.each([[''], ['# only a comment\n'], ['server:\n'], ['providers:\n  # - name: openai\n'], ['---\n'], ['{}']])(
    '%j gives the defaults',
    (text) => {
      expect(parseConfig(text, { file: 'gateway.yaml', env: {} })).toMatchObject({
        config: defaultConfig(),
        notices: [],
      })
    },
  )

  test('the defaults are local, without CORS and without providers', () => {
    expect(defaultConfig()).toMatchObject({
      server: { port: 8080, host: '127.0.0.1', cors: { enabled: false }, bodyLimit: 32 * 1024 * 1024 },
      providers: [],
      cache: { enabled: false, ttl: 3_600_000, maxSize: 512 * 1024 * 1024 },
      auth: { anonymous: true, keys: [] },
      ledger: {
        retention: 90 * 86_400_000,
        bodies: 'off',
        bodyLimit: 256 * 1024,
        bodiesMaxSize: 256 * 1024 * 1024,
      },
    })
  })
})

describe('references to the environment', () => {
  test('are numbers where numbers belong, and text where text belongs', () => {
    const text = 'server:\n  port: ${PORT}\nproviders:\n  - name: local\n    apiKey: ${KEY}\n    models: ["${KEY}"]\n'
    const { config } = parseConfig(text, { file: 'gateway.yaml', env: { PORT: '9000', KEY: '123456' } })
    expect(config.server.port).toBe(9000)
    expect(config.providers[0]).toMatchObject({ apiKey: '123456', models: ['123456'] })
  })

  test('digits are text also inside a choice of forms', () => {
    const text = [
      'providers:',
      '  - name: a',
      'routing:',
      '  modelMappings:',
      '    fast:',
      '      provider: a',
      '      model: ${MODEL}',
      '',
    ].join('\n')
    const { config } = parseConfig(text, { file: 'gateway.yaml', env: { MODEL: '4711' } })
    expect(config.routing.modelMappings['fast']).toEqual({ provider: 'a', model: '4711' })
  })

  test('a key is trimmed: mounted secrets end in a line break', () => {
    const text = 'providers:\n  - name: a\n    apiKey: ${KEY}\n'
    expect(parseConfig(text, { file: 'f', env: { KEY: 'sk-1\n' } }).config.providers[0]?.apiKey).toBe('sk-1')
  })

  test('an empty default leaves the key out', () => {
    const text = 'providers:\n  - name: a\n    apiKey: ${KEY:-}\n'
    expect(parseConfig(text, { file: 'f', env: {} }).config.providers[0]).not.toHaveProperty('apiKey')
  })

  test('no message shows a secret from the environment', () => {
    const text = 'providers:\n  - name: a\n    timeout: ${MY_API_KEY}\n    ttftTimeout: ${OTHER}\n'
    const env = { MY_API_KEY: 'hunter2', OTHER: 'sk-abcdefgh1234' }
    expect(problemsOf(text, { env })).toEqual([
      'gateway.yaml:3:14 providers[0].timeout: "${MY_API_KEY}" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d',
      'gateway.yaml:4:18 providers[0].ttftTimeout: "${OTHER}" is not a duration; write e.g. 500ms, 30s, 1h30m, 7d',
    ])
  })

  test('a missing variable is told once, not also as a wrong value', () => {
    expect(problemsOf('server:\n  readTimeout: ${T}\n  prot: 1\n')).toEqual([
      'gateway.yaml:2:16 server.readTimeout: environment variable T is not set; set it, or write ${T:-default}',
      'gateway.yaml:3:3 server.prot: unknown key "prot", did you mean "port"?',
    ])
  })
})

describe('YAML', () => {
  test('anchors and merge keys work, and problems in them are found', () => {
    const text = 'providers:\n  - &base\n    name: a\n    timeout: 5s\n  - <<: *base\n    name: b\n'
    expect(parseConfig(text, { file: 'f', env: {} }).config.providers.map(({ timeout }) => timeout)).toEqual([
      5000, 5000,
    ])
  })

  test('Windows line ends and a byte order mark do not matter', () => {
    expect(problemsOf('\uFEFFserver:\r\n  port: 1\r\n  prot: 2\r\n')).toEqual([
      'gateway.yaml:3:3 server.prot: unknown key "prot", did you mean "port"?',
    ])
  })
})

describe('loadConfigFile', () => {
  const directories: string[] = []
  const temporary = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'config-load-'))
    directories.push(directory)
    return directory
  }
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
  })

  test('reads a file and says which, absolutely', async () => {
    const file = join(await temporary(), 'gateway.yaml')
    await writeFile(file, 'server:\n  port: 1234\n')
    expect(await loadConfigFile(file, {})).toMatchObject({ file, config: { server: { port: 1234 } }, notices: [] })
  })

  test('a missing file and a directory are problems like others', async () => {
    const directory = await temporary()
    const missing = join(directory, 'no.yaml')
    await expect(loadConfigFile(missing, {})).rejects.toThrow(
      new ConfigError(missing, [{ path: '', message: 'there is no such file' }]),
    )
    await expect(loadConfigFile(directory, {})).rejects.toThrow('is a directory, not a file')
  })

  test('checks addresses when it is given the provider table', async () => {
    const file = join(await temporary(), 'gateway.yaml')
    await writeFile(file, 'providers:\n  - name: azure\n')
    await expect(loadConfigFile(file, {}, [{ id: 'azure', endpoints: [{}] }])).rejects.toThrow(
      `${file}:2:5 providers[0]: azure has no fixed address: set baseUrl`,
    )
  })
})

describe('metrics.endpoint', () => {
  test.each(['/health', '/ready', '/v1/chat/completions', '/v1/models/x', '/api/v1/usage', '/v1'])(
    '%s would be a second route there: the gateway could not start',
    (endpoint) => {
      expect(problemsOf(`metrics:\n  endpoint: ${endpoint}\n`)).toEqual([
        'gateway.yaml:2:13 metrics.endpoint: is a path of the gateway itself; write another, such as /metrics',
      ])
    },
  )

  test.each(['/metrics', '/v1metrics', '/internal/health', '/apis'])('%s is free', (endpoint) => {
    expect(problemsOf(`metrics:\n  endpoint: ${endpoint}\n`)).toEqual([])
  })
})
