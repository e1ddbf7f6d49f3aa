import { usageGroups } from '../gateway/stores/ledger.ts'
import { idOf, pathParameters } from './openapi-calls.ts'
import { clientSecurity, failures, jsonBody, ref, type Json, type Operation } from './openapi-parts.ts'

type Paths = Record<string, Record<string, Operation>>
type Words = Omit<Operation, 'operationId' | 'responses'> & { content?: Json; failures?: Json }

const open: Json[] = []
const anyObject = jsonBody({ type: 'object' })['content'] as Json

function get(path: string, words: Words): [string, Record<string, Operation>] {
  return [path, { get: operation('get', path, words) }]
}

function operation(method: string, path: string, { content = anyObject, ...words }: Words): Operation {
  const parameters = [...pathParameters(path), ...(words.parameters ?? [])]
  return {
    operationId: idOf(method, path),
    security: clientSecurity,
    ...words,
    ...(parameters.length > 0 && { parameters }),
    responses: { '200': { description: 'The answer.', content }, ...failures },
  }
}

const lists = ['/v1', '/openai/v1', '/v1beta'].flatMap((prefix) => [
  get(`${prefix}/models`, {
    summary: 'Aliases and the models of all providers, in the form of whoever asks',
    tags: ['Lists of models'],
  }),
  get(`${prefix}/models/{model}`, { summary: 'One of them', tags: ['Lists of models'] }),
])

const otherLists = [
  get('/api/tags', { summary: 'The models as Ollama lists them', tags: ['Lists of models'] }),
  get('/api/ps', { summary: 'As Ollama: what is loaded, which is always nothing', tags: ['Lists of models'] }),
  get('/api/version', {
    summary: 'As Ollama: a version its clients accept',
    tags: ['Lists of models'],
    security: open,
  }),
  [
    '/api/show',
    {
      post: operation('post', '/api/show', {
        summary: 'One model as Ollama shows it',
        tags: ['Lists of models'],
        requestBody: jsonBody({ type: 'object', required: ['model'], properties: { model: { type: 'string' } } }),
      }),
    },
  ],
  get('/api/v0/models', { summary: 'The models as LM Studio lists them', tags: ['Lists of models'] }),
  get('/api/v0/models/{model}', { summary: 'One of them', tags: ['Lists of models'] }),
  get('/v1/model/info', { summary: 'The models with prices, as LiteLLM lists them', tags: ['Lists of models'] }),
  get('/model/info', { summary: 'The same', tags: ['Lists of models'] }),
] as [string, Record<string, Operation>][]

const responses = ['/v1', '/openai/v1'].flatMap((prefix): [string, Record<string, Operation>][] => {
  const path = `${prefix}/responses/{id}`
  const kept = { tags: ['Models'] }
  return [
    [
      path,
      {
        get: operation('get', path, { summary: 'A response that the gateway keeps', ...kept }),
        delete: operation('delete', path, { summary: 'Forget a response', ...kept }),
      },
    ],
    get(`${path}/input_items`, { summary: 'What a kept response was asked', ...kept }),
  ]
})

const html: Json = { 'text/html': { schema: { type: 'string' } } }
const noBody = { description: 'Empty.' }

function head(path: string): Operation {
  return {
    operationId: idOf('head', path),
    summary: 'Is anybody there?',
    tags: ['Operations'],
    security: open,
    responses: { '200': noBody, ...failures },
  }
}

const health = jsonBody({
  type: 'object',
  required: ['status', 'version', 'uptime_seconds'],
  properties: {
    status: { const: 'ok' },
    version: { type: 'string' },
    uptime_seconds: { type: 'integer', minimum: 0 },
  },
})['content'] as Json

const readiness: Json = {
  type: 'object',
  required: ['status', 'reasons', 'providers'],
  properties: {
    status: { enum: ['ready', 'not_ready'] },
    warning: { type: 'string' },
    reasons: { type: 'array', items: { type: 'string' } },
    providers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'ok', 'reason'],
        properties: { name: { type: 'string' }, ok: { type: 'boolean' }, reason: { type: ['string', 'null'] } },
      },
    },
  },
}

function query(name: string, description: string): Json {
  return { name, in: 'query', required: false, description, schema: { type: 'string' } }
}

function ready(): Operation {
  const { responses: _, ...words } = operation('get', '/ready', {
    summary: 'At least one provider would answer; says why not',
    tags: ['Operations'],
    security: open,
  })
  return {
    ...words,
    responses: {
      '200': { description: 'Ready.', ...jsonBody(readiness) },
      '4XX': ref('responses', 'error'),
      '503': { description: 'Not ready.', ...jsonBody(readiness) },
    },
  }
}

const operations: [string, Record<string, Operation>][] = [
  get('/health', { summary: 'The process is up', tags: ['Operations'], security: open, content: health }),
  ['/ready', { get: ready() }],
  get('/metrics', {
    summary: 'Prometheus metrics',
    description: 'At `metrics.endpoint`, where `metrics.enabled` is true.',
    tags: ['Operations'],
    content: { 'text/plain': { schema: { type: 'string' } } },
  }),
  get('/api/v1/usage', {
    summary: 'Requests, tokens and cost',
    tags: ['Operations'],
    parameters: [
      query('from', 'ISO 8601, or Unix time in seconds or milliseconds.'),
      query('to', 'The same; exclusive.'),
      query('group_by', `${usageGroups.join(', ')}, or several with commas between.`),
    ],
    content: jsonBody(ref('schemas', 'usage'))['content'] as Json,
  }),
  get('/api/v1/providers/status', { summary: 'How each provider is doing', tags: ['Operations'] }),
  [
    '/api/v1/cache/clear',
    {
      post: operation('post', '/api/v1/cache/clear', {
        summary: 'Empties the cache, or what it has of one model',
        tags: ['Operations'],
        requestBody: { required: false, ...jsonBody({ type: 'object', properties: { model: { type: 'string' } } }) },
        content: jsonBody({
          type: 'object',
          required: ['cleared'],
          properties: { cleared: { type: 'integer', minimum: 0 }, model: { type: 'string' } },
        })['content'] as Json,
      }),
    },
  ],
  [
    '/api/hello',
    {
      head: head('/api/hello'),
      get: operation('get', '/api/hello', { summary: 'Is anybody there?', tags: ['Operations'], security: open }),
    },
  ],
  get('/api/v1/events', {
    summary: 'What happens, as server-sent events',
    description: 'Finished calls, status, changes of the configuration, budgets, and pieces of the playground.',
    tags: ['Management'],
    security: [{ adminToken: [] }],
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  }),
  [
    '/',
    {
      head: head('/'),
      get: {
        operationId: 'get_root',
        summary: 'Leads a browser to the dashboard',
        tags: ['Dashboard'],
        security: open,
        responses: { '302': { description: 'To `/ui/`.' }, ...failures },
      },
    },
  ],
  [
    '/ui',
    {
      get: {
        operationId: 'get_ui',
        summary: 'Leads to `/ui/`',
        tags: ['Dashboard'],
        security: open,
        responses: { '302': { description: 'To `/ui/`.' }, '4XX': ref('responses', 'error') },
      },
    },
  ],
  get('/ui/{file}', {
    summary: 'The dashboard; what it asks for is behind the admin token',
    tags: ['Dashboard'],
    security: open,
    content: { ...html, '*/*': { schema: {} } },
  }),
]

/** What the gateway serves beside models and management. */
export function gatewayPaths(): Paths {
  return Object.fromEntries([...responses, ...lists, ...otherLists, ...operations])
}
