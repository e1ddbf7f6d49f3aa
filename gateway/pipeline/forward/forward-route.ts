import { freeOfCharge } from '../../dialects/forwarded/index.ts'
import { GatewayError } from '../../errors.ts'
import { matchesPattern } from '../../providers/pattern.ts'
import { forwardFor, forwardName, type ForwardId } from '../../providers/forwards.ts'
import type { Provider } from '../../providers/types.ts'
import type { Call, Caller, Route, Target } from '../call.ts'
import type { RoutingTable } from '../route.ts'
import { createRouter } from '../router.ts'

export interface ForwardRouter {
  route(call: Call, caller: Caller, asked: { id: ForwardId; namesModel: boolean }): Route
  /** The one provider that can be meant, whatever model is asked for. Throws GatewayError where none can. */
  known(call: Call, id: ForwardId): Target | undefined
}

/** Who is asked at an endpoint that is handed on: the same rules as for chat, among the providers that have it. */
export function createForwardRouter(table: RoutingTable, random: () => number): ForwardRouter {
  const routers = new Map<ForwardId, EndpointRouter>()
  const routerFor = (id: ForwardId): EndpointRouter => {
    const router = routers.get(id) ?? routerOf(id, table, random)
    routers.set(id, router)
    return router
  }
  return {
    route: (call, caller, { id, namesModel }) => {
      const router = routerFor(id)
      return namesModel ? router.byModel(call, caller) : router.byProvider(call, caller)
    },
    known: (call, id) => routerFor(id).known(call),
  }
}

interface EndpointRouter {
  byModel(call: Call, caller: Caller): Route
  byProvider(call: Call, caller: Caller): Route
  known(call: Call): Target | undefined
}

function routerOf(id: ForwardId, table: RoutingTable, random: () => number): EndpointRouter {
  const all = withEndpoint(table, id)
  const having = onlyThose(all, (provider) => provider.endpoints.length > 0)
  const amongAll = createRouter(all, random)
  const amongHaving = createRouter(having, random)
  const choice = { id, all, having }
  return {
    byModel(call, caller) {
      const isProviderNamed = call.options.provider !== undefined || isPrefixed(call.model, all)
      const { alias, targets } = isProviderNamed
        ? amongAll(call, caller)
        : (orUnknown(() => amongHaving(call, caller)) ?? amongAll(call, caller))
      return { alias, targets: targets.map((target) => asCharged(target, id)) }
    },
    byProvider: (call, caller) => routeByProvider(call, caller, choice),
    known(call) {
      const isOnly = call.options.provider === undefined && having.providers.length !== 1
      return isOnly ? undefined : targetAt(chooseProvider(call.options.provider, choice), call, choice)
    },
  }
}

/** Each provider as if the endpoint were all it has. */
function withEndpoint(table: RoutingTable, id: ForwardId): RoutingTable {
  const changed = new Map(table.providers.map((provider) => [provider, withOnly(provider, id)]))
  const of = (provider: Provider): Provider => changed.get(provider) ?? withOnly(provider, id)
  return {
    ...table,
    providers: table.providers.map(of),
    chain: table.chain.map((link) => ({ ...link, provider: of(link.provider) })),
  }
}

function withOnly(provider: Provider, id: ForwardId): Provider {
  const forward = forwardFor(provider, id)
  // Without it the missing key is not what is wrong.
  return forward === undefined
    ? { ...provider, endpoints: [], problem: undefined }
    : { ...provider, endpoints: [forward] }
}

function onlyThose(table: RoutingTable, has: (provider: Provider) => boolean): RoutingTable {
  return {
    ...table,
    providers: table.providers.filter(has),
    chain: table.chain.filter(({ provider }) => has(provider)),
  }
}

function isPrefixed(model: string, { providers }: RoutingTable): boolean {
  const slash = model.indexOf('/')
  return slash > 0 && providers.some(({ name }) => name === model.slice(0, slash))
}

/** Whoever has the endpoint may not know the model, while another one does: then that is what is to be told. */
function orUnknown(find: () => Route): Route | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'model_not_found') return undefined
    throw error
  }
}

function asCharged(target: Target, id: ForwardId): Target {
  const isFree = forwardFor(target.provider, id)?.free === true
  return isFree ? { ...target, dialect: freeOfCharge(target.dialect) } : target
}

interface Choice {
  id: ForwardId
  all: RoutingTable
  having: RoutingTable
}

/** Files and batches belong to a provider, not to a model: there is no fallback, another one does not have them. */
function routeByProvider(call: Call, caller: Caller, choice: Choice): Route {
  const provider = chooseProvider(call.options.provider, choice)
  const target = targetAt(provider, call, choice)
  checkRights(caller, provider, choice.id)
  return { alias: undefined, targets: [target] }
}

function targetAt(provider: Provider, { dialect }: Call, choice: Choice): Target {
  const { id } = choice
  const [endpoint] = provider.endpoints
  if (endpoint === undefined) {
    const text = `Provider "${provider.name}" has no ${forwardName(id)}. ${whoHas(choice)}`
    throw new GatewayError('unsupported_operation', text, { param: 'x-gateway.provider' })
  }
  const key = `${provider.name}/${id}`
  return asCharged({ key, provider, model: id, endpoint, dialect, passThrough: true, substituted: false }, id)
}

function chooseProvider(named: string | undefined, choice: Choice): Provider {
  const { all, having, id } = choice
  if (named !== undefined) {
    const provider = all.providers.find(({ name }) => name === named)
    if (provider !== undefined) return provider
    throw new GatewayError('invalid_request', `There is no provider "${named}". ${whoHas(choice)}`, {
      param: 'x-gateway.provider',
    })
  }
  const preferred = having.providers.find(({ name }) => name === all.defaultProvider)
  if (preferred !== undefined) return preferred
  const [only, ...others] = having.providers
  if (only === undefined) throw new GatewayError('unsupported_operation', whoHas(choice))
  if (others.length === 0) return only
  const names = having.providers.map(({ name }) => name).join(', ')
  const text = `Several providers have ${forwardName(id)}: ${names}. Name one with the header "x-gateway-provider", or with "?provider=" in the address.`
  throw new GatewayError('invalid_request', text, { param: 'x-gateway.provider' })
}

function whoHas({ having, id }: Choice): string {
  const names = having.providers.map(({ name }) => name).join(', ')
  return names === ''
    ? `No configured provider has ${forwardName(id)}.`
    : `Of the configured ones these have it: ${names}.`
}

/** A batch runs any model, a file is what other keys sent, too: a key for some models only has no business there. */
function checkRights({ name, models }: Caller, provider: Provider, id: ForwardId): void {
  if (models === undefined || models.some((pattern) => coversAll(pattern, provider.name))) return
  const text = `The key "${name}" may use some models only, and ${forwardName(id)} names none. It would need "*" or "${provider.name}/*" among its models.`
  throw new GatewayError('model_not_allowed', text)
}

function coversAll(pattern: string, provider: string): boolean {
  return pattern === '*' || (pattern.endsWith('/*') && matchesPattern(pattern, `${provider}/`))
}
