import { describe, expect, test } from 'vitest'
import { previewConfig } from '../../../gateway/config/preview.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'
import { createFakeSecrets } from './fake-secrets.ts'

const before = `server: { port: 8080 }
providers:
  - { name: openai, apiKey: sk-secret-1, models: [a, b] }
  - { name: azure, apiKey: "\${AZURE}", baseUrl: "https://u:sk-secret-2@a.example", headers: { Authorization: sk-secret-3 } }
`

function preview(after: string) {
  return previewConfig(before, after, {
    secrets: createFakeSecrets({ AZURE: 'k' }),
    env: {},
    knownProviders: providerRows,
  })
}

describe('changes', () => {
  test.each([
    ['nothing', before, []],
    ['only comments', `# x\n${before}`, []],
    ['a value', before.replace('8080', '9'), [['server.port', '8080', '9']]],
    [
      'a key, which is not shown',
      before.replace('sk-secret-1', 'sk-secret-9'),
      [['providers.openai.apiKey', '***', '***']],
    ],
    [
      'a key for a reference',
      before.replace('sk-secret-1', '"${NEW}"'),
      [['providers.openai.apiKey', '***', '${NEW}']],
    ],
    ['a list', before.replace('[a, b]', '[b]'), [['providers.openai.models', '- a\n- b', '- b']]],
    [
      'a provider less',
      before.split('\n').slice(0, 3).join('\n'),
      [
        [
          'providers.azure',
          'name: azure\napiKey: ${AZURE}\nbaseUrl: https://***@a.example\nheaders:\n  Authorization: "***"',
          null,
        ],
      ],
    ],
    [
      'a provider first',
      before.replace('providers:\n', 'providers:\n  - { name: mistral, apiKey: sk-secret-4 }\n'),
      [['providers.mistral', null, 'name: mistral\napiKey: "***"']],
    ],
    [
      'another order',
      before.replace(/( {2}- .*\n)( {2}- .*\n)/, '$2$1'),
      [['providers (order)', 'openai, azure', 'azure, openai']],
    ],
    ['a section', `${before}cache: { enabled: true }`, [['cache.enabled', null, 'true']]],
    ['a section less', before.replace(/server.*\n/, ''), [['server.port', '8080', null]]],
    [
      'an alias',
      `${before}routing: { modelMappings: { fast: { provider: openai, model: x } } }`,
      [['routing.modelMappings', null, 'fast:\n  provider: openai\n  model: x']],
    ],
  ] as const)('%s', async (_, after, expected) => {
    const { changes } = await preview(after)
    expect(changes).toEqual(expected.map(([path, before, after]) => ({ path, before, after })))
    expect(JSON.stringify(changes)).not.toContain('sk-secret')
  })
})

test('problems have their place, and the keys that are nowhere are named', async () => {
  const { problems, missingKeys } = await preview(
    'server: { prot: 1 }\nproviders:\n  - { name: openai, apiKey: "${NOWHERE}" }\nlogging: { level: "${LEVEL:-loud}" }\nnetwork:\n  proxy: ${PROXY}\n',
  )
  expect(problems).toEqual([
    '1:11 server.prot: unknown key "prot", did you mean "port"?',
    '4:19 logging.level: expected debug, info, warn, error or silent, got text "loud"',
    '6:10 network.proxy: environment variable PROXY is not set; set it, or write ${PROXY:-default}',
  ])
  expect(missingKeys).toEqual(['NOWHERE', 'PROXY'])
})

test('a text that is no YAML has a problem and no changes', async () => {
  const { changes, problems } = await preview('server: "x')
  expect(changes).toEqual([])
  expect(problems).toEqual([expect.stringMatching(/^1:\d+ not valid YAML/)])
})
