import type { FastifyInstance } from 'fastify'
import { findModel, listModels } from '../api/models.ts'
import { liteLlmModel, lmStudioModel } from './discovery-shapes.ts'
import { contextIn } from './models-context.ts'
import { viewOf, type ModelsPorts } from './models-routes.ts'

export interface DiscoveryPorts {
  current: ModelsPorts['current']
  /** Milliseconds since 1970. */
  now: () => number
}

/** What tools ask an address to learn who is there and what it has. */
export function registerDiscoveryRoutes(app: FastifyInstance, ports: DiscoveryPorts): void {
  // Claude Code as it starts; its documents say HEAD /. Any answer is good.
  app.head('/', (_request, reply) => reply.send())
  app.head('/api/hello', { config: { isOpen: true } }, (_request, reply) => reply.send())
  app.get('/api/hello', { config: { isOpen: true } }, async () => ({ message: 'hello' }))

  // LM Studio's, for Zed.
  app.get('/api/v0/models', async (request) => {
    const contextOf = contextIn(await ports.current().prices())
    const models = await listModels(viewOf(request, ports))
    return { object: 'list', data: models.map((model) => lmStudioModel(model, contextOf)) }
  })
  app.get<{ Params: { '*': string } }>('/api/v0/models/*', async (request) => {
    const model = await findModel(request.params['*'], viewOf(request, ports))
    return lmStudioModel(model, contextIn(await ports.current().prices()))
  })

  // LiteLLM's, for Cline.
  for (const path of ['/v1/model/info', '/model/info']) {
    app.get(path, async (request) => {
      const models = await listModels(viewOf(request, ports))
      const prices = await ports.current().prices()
      const facts = { contextOf: contextIn(prices), prices, now: ports.now() }
      return { data: models.map((model) => liteLlmModel(model, facts)) }
    })
  }
}
