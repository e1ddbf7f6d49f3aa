import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findModel, listModels, type ModelsView, type ServedModel } from '../api/models.ts'
import type { PriceBook } from '../models/price-book.ts'
import type { Authenticate } from '../pipeline/authenticate.ts'
import type { Probe } from '../pipeline/probe.ts'
import type { RoutingTable } from '../pipeline/route.ts'
import { anthropicList, anthropicModel } from './models-anthropic.ts'
import { codexModel } from './models-codex.ts'
import { contextIn, type ContextOf } from './models-context.ts'
import { geminiList, geminiModel } from './models-gemini.ts'
import { openaiModel } from './models-openai.ts'
import { readToken } from './request-headers.ts'
import { spokenAt, type Spoken } from './spoken-at.ts'

export interface ModelsPorts {
  /** Of the configuration in force. */
  current: () => {
    table: RoutingTable
    probe: Probe
    authenticate: Authenticate
    prices: () => Promise<PriceBook>
  }
}

type Query = Record<string, string | undefined>

/** The models of the gateway, in the shape of whoever asks. */
export function registerModelsRoutes(app: FastifyInstance, ports: ModelsPorts): void {
  for (const prefix of ['/v1', '/openai/v1', '/v1beta']) {
    app.get<{ Querystring: Query }>(`${prefix}/models`, async (request) => {
      const models = await listModels(viewOf(request, ports))
      return inShape(models, request.query, {
        spoken: spokenBy(request),
        contextOf: contextIn(await ports.current().prices()),
      })
    })
    // A wildcard, because model names may hold slashes (`openrouter/meta/llama`).
    app.get<{ Params: { '*': string } }>(`${prefix}/models/*`, async (request) => {
      const model = await findModel(request.params['*'], viewOf(request, ports))
      return shapes[spokenBy(request)](model, contextIn(await ports.current().prices()))
    })
  }
}

/** What the key of this request may see. Throws GatewayError for a key that is not known where one is needed. */
export function viewOf({ headers, query }: FastifyRequest, { current }: ModelsPorts): ModelsView {
  const { table, probe, authenticate } = current()
  return { table, probe, allowed: authenticate(readToken(headers, query as { key?: string })).models }
}

const shapes: Record<Spoken, (model: ServedModel, contextOf: ContextOf) => object> = {
  'openai-chat': openaiModel,
  'anthropic-messages': anthropicModel,
  gemini: geminiModel,
}

const lists: Record<Spoken, (models: ServedModel[], query: Query, contextOf: ContextOf) => object> = {
  'openai-chat': (models, _query, contextOf) => ({
    object: 'list',
    data: models.map((model) => openaiModel(model, contextOf)),
  }),
  'anthropic-messages': anthropicList,
  gemini: geminiList,
}

function inShape(
  models: ServedModel[],
  query: Query,
  { spoken, contextOf }: { spoken: Spoken; contextOf: ContextOf },
): object {
  if (query['client_version'] !== undefined) return { models: models.map((model) => codexModel(model, contextOf)) }
  return lists[spoken](models, query, contextOf)
}

function spokenBy({ url, headers }: FastifyRequest): Spoken {
  return spokenAt(url, headers)
}
