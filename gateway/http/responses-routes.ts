import type { FastifyInstance, FastifyRequest } from 'fastify'
import { asString, isObject, type JsonObject } from '../chat/json.ts'
import { GatewayError } from '../errors.ts'
import type { Authenticate } from '../pipeline/authenticate.ts'
import type { KeptResponse, Responses } from '../stores/responses.ts'
import { readToken } from './request-headers.ts'

export interface ResponsesPorts {
  responses: Responses
  current: () => { authenticate: Authenticate }
}

type WithId = FastifyRequest<{ Params: { id: string }; Querystring: { stream?: string } }>

/** Responses that the gateway translated and still has; each caller sees its own (openapi.json, /responses/{id}). */
export function registerResponsesRoutes(app: FastifyInstance, ports: ResponsesPorts): void {
  app.register(async (scope) => {
    // Nothing is sent here; clients that say what type it is send DELETE with `content-type: application/json`.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(['application/json', '*'], (_request, payload, done) => {
      payload.resume()
      done(null)
    })
    addRoutes(scope, ports)
  })
}

function addRoutes(app: FastifyInstance, { responses, current }: ResponsesPorts): void {
  const scopeOf = ({ headers }: FastifyRequest): string => current().authenticate(readToken(headers)).name
  function find(request: WithId): KeptResponse {
    const { id } = request.params
    const kept = responses.find(scopeOf(request), id)
    if (kept === undefined) throw notFound(id)
    return kept
  }

  for (const prefix of ['/v1', '/openai/v1']) {
    const url = `${prefix}/responses/:id`
    app.get(url, async (request: WithId) => {
      const { response } = find(request)
      if (request.query.stream !== 'true') return response
      throw new GatewayError('unsupported_operation', 'A kept response is not played again: ask without "stream".')
    })
    app.get(`${url}/input_items`, async (request: WithId) => listOf(find(request).input))
    app.delete(url, async (request: WithId) => {
      const { id } = request.params
      if (!responses.forget(scopeOf(request), id)) throw notFound(id)
      return { id, object: 'response', deleted: true }
    })
  }
}

/** Newest first, as OpenAI lists them; all at once. */
function listOf(input: KeptResponse['input']): JsonObject {
  const data = input.toReversed()
  const idOf = (item: unknown): string | null => (isObject(item) ? (asString(item['id']) ?? null) : null)
  return { object: 'list', data, first_id: idOf(data[0]), last_id: idOf(data.at(-1)), has_more: false }
}

function notFound(id: string): GatewayError {
  return new GatewayError(
    'not_found',
    `Response with id '${id.slice(0, 100)}' not found. The gateway keeps those it translated (store not false) for a ` +
      'limited time; a provider that speaks Responses itself has its own.',
    { headers: { 'x-should-retry': 'false' } },
  )
}
