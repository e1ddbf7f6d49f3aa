import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import * as contract from '../gateway/contract.ts'
import { cleanSchema, jsonBody, ref, type Json, type Operation } from './openapi-parts.ts'

const source = readFileSync(join(import.meta.dirname, '../gateway/contract.ts'), 'utf8')

/** POST /api/v1/call/METHOD for every method of the contract that a browser may call. */
export function managementPaths(): Record<string, { post: Operation }> {
  const methods = Object.entries(contract.methods).filter(([, { isNative }]) => !isNative)
  return Object.fromEntries(
    methods.map(([name, { input, output }]) => [
      `/api/v1/call/${name}`,
      { post: methodOperation(name, cleanSchema(z.toJSONSchema(input, { io: 'input' })), valueSchema(output, name)) },
    ]),
  )
}

function methodOperation(name: string, input: Json, value: Json): Operation {
  const said = commentOf(name)
  return {
    operationId: name,
    summary: summaryOf(name),
    ...(said !== undefined && { description: said }),
    tags: ['Management'],
    security: [{ adminToken: [] }],
    requestBody: { required: true, ...jsonBody(input) },
    responses: {
      '200': {
        description: 'The value, or why there is none: a refusal by the method is a 200, too.',
        ...jsonBody({
          oneOf: [
            {
              type: 'object',
              required: ['ok', 'value'],
              properties: { ok: { const: true }, value },
            },
            ref('schemas', 'callFailure'),
          ],
        }),
      },
      '4XX': {
        description: 'No admin token, or not this method.',
        ...jsonBody(ref('schemas', 'callFailure')),
      },
    },
  }
}

/** `providers.save` -> `providers: save` */
function summaryOf(name: string): string {
  const [noun = '', verb = ''] = name.split('.')
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}: ${verb}`
}

/** What the contract says above the method. */
function commentOf(name: string): string | undefined {
  const pattern = new RegExp(`/\\*\\* ([^\\n]*?) \\*/\\n {2}'${name.replace('.', '\\.')}':`)
  return pattern.exec(source)?.[1]
}

const registry = z.registry<{ id: string }>()
for (const [name, schema] of Object.entries(contract)) {
  if (schema instanceof z.ZodType) registry.add(schema, { id: name })
}

/** By its name where the contract gives it one, else as it is. */
function valueSchema(output: z.ZodType, name: string): Json {
  const known = registry.get(output)?.id
  if (known !== undefined) return ref('schemas', known)
  const id = `${name}.value`
  registry.add(output, { id })
  return ref('schemas', id)
}

/** Everything the operations name; asked for after them. */
export function managementSchemas(): Json {
  const uri = (id: string): string => `#/components/schemas/${id}`
  const { schemas } = z.toJSONSchema(registry, { uri })
  return {
    ...cleanSchema(schemas),
    callFailure: {
      type: 'object',
      required: ['ok', 'error'],
      properties: { ok: { const: false }, error: ref('schemas', 'callError') },
    },
  }
}
