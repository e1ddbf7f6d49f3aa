import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { toSupportedSchema } from '../../../../../gateway/dialects/anthropic-messages/provider/supported-schema.ts'
import { warned, written } from './written.ts'

const schema = { type: 'object', properties: { x: { type: 'string' } }, required: ['x'], additionalProperties: false }

test('a schema is enforced by output_config.format, unchanged where it can be', () => {
  const loss = written({ output: { type: 'json-schema', name: 'x', schema, strict: true } })
  expect(loss.value['output_config']).toEqual({ format: { type: 'json_schema', schema } })
  expect(loss.warnings).toEqual([])
})

test('the description of a schema stands in it', () => {
  const loss = written({ output: { type: 'json-schema', name: 'x', schema, description: 'A report.' } })
  expect(loss.value['output_config']).toEqual({
    format: { type: 'json_schema', schema: { description: 'A report.', ...schema } },
  })
})

test('a schema and effort share output_config', () => {
  const loss = written({ output: { type: 'json-schema', name: 'x', schema }, reasoning: { effort: 'high' } })
  expect(loss.value['output_config']).toEqual({ effort: 'high', format: { type: 'json_schema', schema } })
})

test('a model without schemas is asked in words', () => {
  const loss = written({ output: { type: 'json-schema', name: 'x', schema } }, { structuredOutput: false })
  expect(loss.value).not.toHaveProperty('output_config')
  expect(JSON.stringify(loss.value['system'])).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1))
  expect(warned(loss)).toEqual(['response_format'])
})

test('JSON without a schema is asked in words, and said to be', () => {
  const loss = written({ output: { type: 'json' } })
  expect(loss.value['system']).toMatchObject([{ type: 'text', text: expect.stringContaining('JSON') }])
  expect(warned(loss)).toEqual(['response_format'])
})

test('text is text', () => {
  expect(written({ output: { type: 'text' } }).value).not.toHaveProperty('system')
})

describe('the schema Anthropic can enforce', () => {
  const cases: [name: string, schema: JsonObject, expected: JsonObject, relaxed: string[]][] = [
    ['objects are closed', { type: 'object' }, { type: 'object', additionalProperties: false }, []],
    [
      'open ones too, at any depth',
      { type: 'array', items: { type: ['object', 'null'], additionalProperties: true } },
      { type: 'array', items: { type: ['object', 'null'], additionalProperties: false } },
      [],
    ],
    [
      'a schema for further members stays',
      { type: 'object', additionalProperties: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'string' } },
      [],
    ],
    [
      'what cannot be enforced is described',
      { type: 'string', minLength: 2, format: 'email', pattern: '@', description: 'An address.' },
      { type: 'string', format: 'email', description: 'An address.\n\n{minLength: 2, pattern: "@"}' },
      ['minLength', 'pattern'],
    ],
    [
      'unknown formats too',
      { type: 'string', format: 'color' },
      { type: 'string', description: '{format: "color"}' },
      ['format'],
    ],
    ['an array may have at least one', { type: 'array', minItems: 1 }, { type: 'array', minItems: 1 }, []],
    ['but not two', { type: 'array', minItems: 2 }, { type: 'array', description: '{minItems: 2}' }, ['minItems']],
    [
      'definitions and alternatives are schemas; oneOf is anyOf',
      { oneOf: [{ $ref: '#/$defs/a' }, { type: 'null' }], $defs: { a: { type: 'integer', maximum: 9 } } },
      {
        anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }],
        $defs: { a: { type: 'integer', description: '{maximum: 9}' } },
      },
      ['maximum'],
    ],
    [
      'members may have the names of keywords',
      { type: 'object', properties: { pattern: { type: 'string' }, type: { enum: ['object'] } } },
      {
        type: 'object',
        properties: { pattern: { type: 'string' }, type: { enum: ['object'] } },
        additionalProperties: false,
      },
      [],
    ],
  ]
  test.each(cases)('%s', (_name, schema, expected, relaxed) => {
    const before = structuredClone(schema)
    expect(toSupportedSchema(schema)).toEqual({ schema: expected, relaxed })
    expect(schema).toEqual(before)
  })

  test('what is relaxed is reported', () => {
    const loss = written({ output: { type: 'json-schema', name: 'x', schema: { type: 'string', minLength: 2 } } })
    expect(loss.warnings).toEqual([
      { feature: 'response_format.json_schema.schema', reason: expect.stringContaining('minLength') },
    ])
  })
})
