import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { readSchema } from '../../../../../gateway/dialects/gemini/client/read-schema.ts'

const table: [name: string, schema: JsonObject, expected: JsonObject][] = [
  ['types', { type: 'INTEGER' }, { type: 'integer' }],
  [
    'types that are small already',
    { type: 'array', items: { type: 'string' } },
    { type: 'array', items: { type: 'string' } },
  ],
  ['no type', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
  ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
  ['not nullable', { type: 'STRING', nullable: false }, { type: 'string' }],
  [
    'a nullable enum',
    { type: 'STRING', format: 'enum', enum: ['a'], nullable: true },
    { type: ['string', 'null'], enum: ['a', null] },
  ],
  [
    'a nullable choice',
    { any_of: [{ type: 'STRING' }], nullable: true },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  ['formats', { type: 'NUMBER', format: 'double' }, { type: 'number' }],
  ['a format of JSON Schema', { type: 'STRING', format: 'date-time' }, { type: 'string', format: 'date-time' }],
  ['counts as text', { type: 'ARRAY', minItems: '1', max_items: '3' }, { type: 'array', minItems: 1, maxItems: 3 }],
  ['order and example', { type: 'STRING', propertyOrdering: ['a'], example: 'x' }, { type: 'string', examples: ['x'] }],
  [
    'references',
    { ref: '#/defs/A', defs: { A: { type: 'OBJECT' } } },
    { $ref: '#/defs/A', $defs: { A: { type: 'object' } } },
  ],
  ['null members', { type: 'STRING', description: null, default: null }, { type: 'string', default: null }],
  [
    'names that look like words of the schema',
    {
      type: 'OBJECT',
      properties: { type: { type: 'STRING' }, min_items: { type: 'INTEGER' }, nullable: { type: 'BOOLEAN' } },
      required: ['type'],
    },
    {
      type: 'object',
      properties: { type: { type: 'string' }, min_items: { type: 'integer' }, nullable: { type: 'boolean' } },
      required: ['type'],
    },
  ],
]

test.each(table)('%s', (_name, schema, expected) => {
  expect(readSchema(schema)).toEqual(expected)
})
