import { z } from 'zod'
import { errorCodes } from '../gateway/errors.ts'
import { optionsSchema } from '../gateway/pipeline/options.ts'
import { usageGroups } from '../gateway/stores/ledger.ts'

/** As much of OpenAPI 3.1 as docs/openapi.json uses. */
export type Json = Record<string, unknown>

export interface Operation {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  parameters?: Json[]
  requestBody?: Json
  responses: Record<string, Json>
  security?: Json[]
  externalDocs?: Json
}

export function ref(kind: 'schemas' | 'parameters' | 'responses' | 'headers', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` }
}

export function jsonBody(schema: Json): Json {
  return { content: { 'application/json': { schema } } }
}

/** Plain JSON Schema, as OpenAPI 3.1 takes it: without the names that are one schema's own, and bounds that say nothing. */
export function cleanSchema(schema: unknown): Json {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key === '$schema' || key === '$id' || key === '~standard') return undefined
    if (value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER) return undefined
    return isNamedMap(value) ? withProperties(value) : value
  })
  return JSON.parse(text) as Json
}

interface NamedMap {
  propertyNames: { enum: string[] }
  additionalProperties: unknown
}

function isNamedMap(value: unknown): value is NamedMap {
  return typeof value === 'object' && value !== null && 'propertyNames' in value && 'required' in value
}

/** A map with one member for each of these names is an object. */
function withProperties({ propertyNames, additionalProperties: value, ...rest }: NamedMap): Json {
  const properties = Object.fromEntries(propertyNames.enum.map((name) => [name, value]))
  return { ...rest, properties, additionalProperties: false }
}

const answerHeaders: Record<string, [type: string, description: string]> = {
  'x-gateway-request-id': ['string', 'The id of the call, in the log and in the ledger.'],
  'x-cache': ['string', 'HIT, SEMANTIC (a similar request), MISS, or BYPASS (the cache was not asked).'],
  'x-gateway-similarity': ['number', 'With SEMANTIC: how alike the two requests are, 1 = the same.'],
  'x-gateway-cache-source': ['string', 'With SEMANTIC: the id of the call whose answer it is.'],
  'x-gateway-guard': ['string', 'What guards with the action `flag` found.'],
  'x-gateway-provider': ['string', 'Who answered; on errors, who was asked first.'],
  'x-gateway-model': ['string', 'The model that provider was asked for.'],
  'x-gateway-attempts': ['integer', 'Attempts the call took, on all providers; 0 for an answer from the cache.'],
  'x-gateway-cost': ['string', 'USD for all attempts together, on whole answers. Absent where a price is not known.'],
  'x-gateway-warnings': ['string', 'What was left out or done otherwise, `; ` between.'],
  ...Object.fromEntries(
    ['requests', 'tokens'].flatMap((unit) => [
      [`x-ratelimit-limit-${unit}`, ['string', `The tightest limit of ${unit}.`]],
      [`x-ratelimit-remaining-${unit}`, ['string', `What is left of it.`]],
      [`x-ratelimit-reset-${unit}`, ['string', `When its window ends.`]],
    ]),
  ),
}

const errorHeaders: typeof answerHeaders = {
  'retry-after': ['string', 'Seconds after which to try again, at most 60.'],
  'retry-after-ms': ['string', 'The same in milliseconds.'],
  'x-should-retry': ['string', '`false` where trying again is in vain.'],
}

function headerObjects(headers: typeof answerHeaders): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, [type, description]]) => [name, { description, schema: { type } }]),
  )
}

function headerRefs(headers: typeof answerHeaders): Json {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, ref('headers', name)]))
}

/** Answers of models and of what is handed on, by the media types they may have. */
const answers: Record<string, Json> = {
  whole: { 'application/json': { schema: { type: 'object' } } },
  streamed: { 'application/json': { schema: { type: 'object' } }, 'text/event-stream': { schema: { type: 'string' } } },
  file: { '*/*': { schema: {} } },
}

function answerResponses(): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([name, content]) => [
      name,
      { description: 'The answer, in the format that was asked in.', headers: headerRefs(answerHeaders), content },
    ]),
  )
}

const { properties: extension = {} } = z.toJSONSchema(optionsSchema, { io: 'input' })

const extensionWords: Record<string, string> = {
  cache: '`false`: neither read from nor written to the cache.',
  timeout: 'Longest time for the whole call: seconds, or a duration such as `"30s"`.',
  provider: 'Ask this provider and no other.',
  fallback: '`false`: only the first target, no other provider.',
  metadata: '`feature` and `user_id` go into the ledger. In the header as JSON.',
}

/** `x-gateway-cache` and so on: each member of `x-gateway` as a header. */
export const extensionParameters = Object.keys(extension).map((member) => `x-gateway-${member}`)

function parameters(): Json {
  return Object.fromEntries(
    Object.keys(extension).map((member) => [
      `x-gateway-${member}`,
      {
        name: `x-gateway-${member}`,
        in: 'header',
        required: false,
        description: extensionWords[member] ?? `As \`${member}\` of \`x-gateway\`.`,
        schema: { type: 'string' },
      },
    ]),
  )
}

function extensionSchema(): Json {
  const properties = Object.entries(extension).map(([member, schema]) => [
    member,
    { description: extensionWords[member] ?? member, ...cleanSchema(schema) },
  ])
  return {
    type: 'object',
    description: 'Options for the gateway itself. Nothing of it reaches a provider. The body wins over the headers.',
    properties: Object.fromEntries(properties) as Json,
    additionalProperties: false,
  }
}

const errorSchema: Json = {
  type: 'object',
  description: 'An error in OpenAI’s form. Endpoints of Anthropic and Gemini answer in theirs.',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        code: {
          type: ['string', 'null'],
          description: `One of the gateway’s own (${errorCodes.join(', ')}), or what a provider said.`,
        },
      },
    },
  },
}

const count: Json = { type: 'integer', minimum: 0 }
const usdAmount: Json = { type: 'number', description: 'USD' }
const sums: Json = {
  total_requests: count,
  total_errors: count,
  total_tokens: count,
  input_tokens: count,
  output_tokens: count,
  cached_input_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  total_cost: usdAmount,
  unpriced_attempts: count,
  estimated_attempts: count,
  cache_hits: count,
  cache_misses: count,
  saved_cost: usdAmount,
  semantic_hits: count,
  semantic_saved_cost: usdAmount,
}
const timeOrNull: Json = { type: ['string', 'null'], format: 'date-time' }

const usageSchema: Json = {
  type: 'object',
  required: [...Object.keys(sums), 'from', 'to'],
  properties: {
    ...sums,
    from: timeOrNull,
    to: timeOrNull,
    groups: {
      type: 'array',
      description: 'With `group_by`: the same sums for each group.',
      items: {
        type: 'object',
        properties: {
          ...Object.fromEntries(usageGroups.map((group) => [group, { type: ['string', 'null'] }])),
          ...sums,
        },
      },
    },
  },
}

export const securitySchemes: Json = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A client key (`auth.keys`), where the gateway asks for one.',
  },
  xApiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'The same, as Anthropic’s clients send it.',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'api-key', description: 'The same, as Azure’s clients send it.' },
  googleKey: { type: 'apiKey', in: 'header', name: 'x-goog-api-key', description: 'The same, as Gemini’s clients do.' },
  adminToken: { type: 'http', scheme: 'bearer', description: 'The admin token. It is no client key.' },
}

/** A client key in any place, or none where `auth.anonymous` is true. */
export const clientSecurity: Json[] = [{}, { bearer: [] }, { xApiKey: [] }, { apiKey: [] }, { googleKey: [] }]

export const components: { schemas: Json; [kind: string]: Json } = {
  securitySchemes,
  parameters: parameters(),
  headers: headerObjects({ ...answerHeaders, ...errorHeaders }),
  responses: {
    ...answerResponses(),
    error: {
      description: 'What happened, in the form of the dialect that was asked.',
      headers: headerRefs(errorHeaders),
      ...jsonBody(ref('schemas', 'error')),
    },
  },
  schemas: { error: errorSchema, usage: usageSchema, 'x-gateway': extensionSchema() },
}

export const failures = { '4XX': ref('responses', 'error'), '5XX': ref('responses', 'error') }
