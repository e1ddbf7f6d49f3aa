import { createRequire } from 'node:module'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema } from '../../../gateway/config/json-schema.ts'

interface Validate {
  (data: unknown): boolean
  errors?: { instancePath: string; keyword: string }[] | null
}

/** Fastify brings a JSON Schema validator along; it is used from there, so that we need none of our own. */
function compile(schema: object): Validate {
  const fromFastify = createRequire(createRequire(import.meta.url).resolve('fastify'))
  const { Ajv2020 } = fromFastify('ajv/dist/2020.js') as {
    Ajv2020: new (options: object) => { compile(schema: object): Validate }
  }
  return new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
}

const validate = compile(configJsonSchema())

function faults(text: string): string[] {
  return validate(parse(text))
    ? []
    : (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

const briefFile = '../shared/reference/brief.md'
const brief = existsSync(briefFile) ? readFileSync(briefFile, 'utf8') : ''

test.skipIf(brief === '').each([...brief.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => [text ?? '']))(
  'accepts the brief: %j',
  (text) => {
    expect(faults(text)).toEqual([])
  },
)

describe('accepts what loads', () => {
  test.each([
    ['server:\n  readTimeout: 1h30m\n  bodyLimit: 1GB\n  port: ${PORT}'],
    ['server:\n  bodyLimit: ${LIMIT:-32MB}\n  readTimeout: ${T}\n  cors: { enabled: "${CORS}" }'],
    ['cache: { maxSize: 0.5, backend: "${B:-memory}" }'],
    ['providers:\n  - name: a\n    headers: { x-a: b }\n    deployments: { gpt-4: d }'],
    [
      'routing: { modelMappings: { a: [{ provider: a, model: b, weight: 1 }] }, fallbackChain: [a, { provider: b, models: { x: y } }] }',
    ],
  ])('%j', (text) => {
    expect(faults(text)).toEqual([])
  })
})

describe('refuses', () => {
  test.each([
    ['an unknown section', 'ratelimit: {}', ' additionalProperties'],
    ['an unknown key', 'server: { prot: 1 }', '/server additionalProperties'],
    ['an unknown key in a list', 'providers: [{ name: a, apikey: b }]', '/providers/0 additionalProperties'],
    ['a missing key', 'providers: [{}]', '/providers/0 required'],
    ['a duration without unit', 'cache: { ttl: 5 }', '/cache/ttl type'],
    ['a bad duration', 'cache: { ttl: 5 hours }', '/cache/ttl pattern'],
    ['a bad choice', 'logging: { level: loud }', '/logging/level enum'],
    ['a number too large', 'server: { port: 70000 }', '/server/port maximum'],
    ['an alias as reference', 'routing: { modelMappings: { a: "${X}" } }', '/routing/modelMappings/a type'],
  ])('%s', (_, text, fault) => {
    expect(faults(text)).toContain(fault)
  })
})

test('is draft 2020-12 and tells editors what things are, and their defaults as they are written', () => {
  expect(configJsonSchema()).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'LLM Gateway configuration',
    additionalProperties: false,
    properties: {
      server: {
        properties: { readTimeout: { default: '30s', description: expect.stringContaining('client') } },
      },
      cache: { properties: { ttl: { default: '1h' }, maxSize: { default: 512 } } },
    },
  })
  expect(JSON.stringify(configJsonSchema())).not.toContain(String(Number.MAX_SAFE_INTEGER))
})
