import { attempt, type AttemptPorts } from '../attempt.ts'
import type { Call, Caller, Route, Target } from '../call.ts'
import type { Stages } from '../handle.ts'
import type { RoutingTable } from '../route.ts'
import { forwardExchange } from './forward-exchange.ts'
import { prepareForward } from './forward-prepare.ts'
import { createForwardRouter, type ForwardRouter } from './forward-route.ts'
import type { Forwarded } from './forwarded.ts'
import type { Upload } from './upload.ts'

/** The two stages in which a call that is handed on differs from chat: who has the endpoint, and how it is asked. */
export type Forwarding = (forwarded: Forwarded) => Pick<Stages, 'route' | 'answer'>

export interface ForwardingPorts extends AttemptPorts {
  /** Some models have limits of their own: nobody sets out before the model is known. */
  limitsModels: boolean
}

export function createForwarding(table: RoutingTable, ports: ForwardingPorts): Forwarding {
  const router = createForwardRouter(table, ports.random)
  return (forwarded) => ({
    route: (call, caller) =>
      forwarded.upload === undefined
        ? router.route(call, caller, forwarded)
        : routeUpload(forwarded.upload, { call, caller, forwarded, router, limitsModels: ports.limitsModels }),
    answer: (call, caller, found, ticket) => {
      const headers = { ...ticket.headers, 'x-gateway-request-id': call.id, 'x-cache': 'BYPASS' }
      const verbs: AttemptPorts['verbs'] = {
        prepare: (asked, target) => prepareForward(asked, target, forwarded),
        exchange: (input, exchangePorts) => forwardExchange(input, forwarded, exchangePorts),
      }
      const maxAttempts = forwarded.once ? 1 : ports.maxAttempts
      const input = { call, caller, route: found, cache: 'BYPASS' as const, headers, collect: false }
      return attempt(input, { ...ports, verbs, maxAttempts })
    },
  })
}

interface UploadAsked {
  call: Call
  caller: Caller
  forwarded: Forwarded
  router: ForwardRouter
  limitsModels: boolean
}

function routeUpload(upload: Upload, asked: UploadAsked): Promise<Route> {
  const { call, caller, forwarded, router } = asked
  const { id } = forwarded
  return upload.route({
    call,
    caller,
    find: (model) => {
      const namesModel = model !== undefined
      return router.route(namesModel ? { ...call, model } : call, caller, { id, namesModel })
    },
    known: forwarded.namesModel ? knownTarget(asked) : undefined,
  })
}

/** Where nothing depends on the model: no rights, no limits, no address. */
function knownTarget({ call, caller, forwarded, router, limitsModels }: UploadAsked): Target | undefined {
  if (caller.models !== undefined || limitsModels) return undefined
  const target = router.known(call, forwarded.id)
  return target?.endpoint.path?.includes('{model}') === true ? undefined : target
}
