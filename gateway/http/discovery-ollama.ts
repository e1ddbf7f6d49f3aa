import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { isObject } from '../chat/json.ts'
import { factsOf, findModel, listModels, type ServedModel } from '../api/models.ts'
import { GatewayError } from '../errors.ts'
import { gatewayErrorOf } from './encode-gateway-error.ts'
import { contextIn, type ContextOf } from './models-context.ts'
import { epoch } from './models-openai.ts'
import { viewOf, type ModelsPorts } from './models-routes.ts'

/** Codex asks for 0.13.4 at least, VS Code for 0.6.4. */
const spokenVersion = '0.21.0'

/** VS Code takes an unknown window for 4096 tokens, in which no agent can work. */
const assumedContext = 131_072

/**
 * As much of Ollama as `codex --oss`, VS Code and others need to find the models; they then speak OpenAI's dialects.
 * Its own /api/chat is not spoken.
 */
export function registerOllamaRoutes(app: FastifyInstance, ports: ModelsPorts): void {
  app.register(async (scope) => {
    // Its clients send JSON under any content type, or none.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.setErrorHandler((error, _request, reply) => sendProblem(reply, error))
    scope.get('/api/version', { config: { isOpen: true } }, async () => ({ version: spokenVersion }))
    scope.get('/api/tags', async (request) => ({ models: (await listModels(viewOf(request, ports))).map(tag) }))
    scope.get('/api/ps', async () => ({ models: [] }))
    scope.post('/api/show', async (request) => {
      const model = await findModel(namedIn(request.body), viewOf(request, ports))
      return shown(model, contextIn(await ports.current().prices()))
    })
    for (const name of ['chat', 'generate', 'embed', 'embeddings', 'pull', 'push', 'create', 'copy', 'delete']) {
      scope.all(`/api/${name}`, () => {
        throw new GatewayError('not_supported', notSpoken(name))
      })
    }
  })
}

function notSpoken(name: string): string {
  const instead = 'Use POST /v1/chat/completions, /v1/responses, /v1/messages or /v1/embeddings.'
  return `This gateway lists its models to Ollama's clients but does not speak Ollama's /api/${name}. ${instead}`
}

/** Ollama's errors are a text alone. */
function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, message, code } = gatewayErrorOf(error)
  return reply.code(status).header('x-should-retry', 'false').send({ error: message, code })
}

/** Ollama takes a name without a tag for its `latest`, and some clients write that out. */
function namedIn(body: unknown): string {
  const { model, name } = asObject(body)
  const given = model ?? name
  if (typeof given !== 'string' || given === '') {
    throw new GatewayError('invalid_request', 'Send {"model": "NAME"}; GET /api/tags lists the names.')
  }
  return given.replace(/:latest$/, '')
}

function asObject(body: unknown): { model?: unknown; name?: unknown } {
  try {
    const value: unknown = JSON.parse(String(body))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

function tag(model: ServedModel): object {
  return {
    name: model.id,
    model: model.id,
    modified_at: epoch,
    size: 0,
    digest: hash('sha256', model.id, 'hex'),
    details: details(model),
  }
}

function details({ owner }: ServedModel): object {
  return { parent_model: '', format: '', family: owner, families: [owner], parameter_size: '', quantization_level: '' }
}

function shown(model: ServedModel, contextOf: ContextOf): object {
  const { thinking } = factsOf(model)
  return {
    modelfile: '',
    parameters: '',
    template: '',
    details: details(model),
    model_info: {
      'general.architecture': 'llm',
      'general.basename': model.id,
      'llm.context_length': contextOf(model) ?? assumedContext,
    },
    capabilities: ['completion', 'tools', ...(thinking === undefined || thinking === 'none' ? [] : ['thinking'])],
    modified_at: epoch,
  }
}
