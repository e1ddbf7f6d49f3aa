import type { Asked } from '../dialects/dialect.ts'
import { scanMembers } from '../dialects/members.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from '../pipeline/call.ts'
import { openCall, type CallInput } from './open-call.ts'
import type { ForwardRoute } from './forward-routes.ts'

/** Query parameters that are ours, a credential, or the provider's configuration. */
const keptBack = new Set(['provider', 'key', 'api_key', 'api-key', 'apikey', 'token', 'access_token', 'api-version'])

/** The query that goes on to the provider, and the provider that it names. */
export function readQuery(url: string): { query: string; provider: string | undefined } {
  const at = url.indexOf('?')
  const given = new URLSearchParams(at === -1 ? '' : url.slice(at + 1))
  const handedOn = new URLSearchParams([...given].filter(([name]) => !keptBack.has(name.toLowerCase())))
  return { query: handedOn.toString(), provider: given.get('provider') ?? undefined }
}

/** Ids are the provider's own, and name things below one path: nothing in them leads anywhere else. */
const idPattern = /^(?!.*\.\.)[\w.:@=~+-]{1,256}$/

/** `/v1/files/:id/content` -> `/file-1/content`. Throws GatewayError. */
export function pathBelow({ path, base }: ForwardRoute, params: unknown): string {
  const below = path.slice(base.length)
  if (!below.includes(':id')) return below
  const { id } = params as { id?: unknown }
  if (typeof id !== 'string' || !idPattern.test(id) || id === '.')
    throw new GatewayError(
      'invalid_request',
      'The id in the address is none: it has letters, digits, "-", "_", "." and ":".',
    )
  return below.replace(':id', () => encodeURIComponent(id))
}

export interface ForwardInput extends CallInput {
  /** From the query. */
  provider: string | undefined
}

/** A form tells its model later, in a field. */
export function openFormCall(route: ForwardRoute, input: Omit<ForwardInput, 'body'>): Call {
  const asked: Asked = { model: route.id, stream: false }
  return withProvider(openCall({ ...input, body: Buffer.from('{}'), asked }), input.provider)
}

/** Like `openCall`, also where no model is named or nothing is sent at all. */
export function openForward(route: ForwardRoute, input: ForwardInput): { call: Call; namesModel: boolean } {
  const body = input.body.length === 0 && route.model === 'none' ? Buffer.from('{}') : input.body
  const namesModel = route.model === 'required' || (route.model === 'optional' && hasModel(body))
  const asked: Asked | undefined = namesModel ? undefined : { model: route.id, stream: false }
  return { call: withProvider(openCall({ ...input, body, asked }), input.provider), namesModel }
}

/** Where a form or the URL only says who is asked. */
function withProvider(call: Call, provider: string | undefined): Call {
  if (provider === undefined || call.options.provider !== undefined) return call
  return { ...call, options: { ...call.options, provider } }
}

function hasModel(body: Buffer): boolean {
  const members = scanMembers(body)
  // What the scan does not take, `openCall` has words for.
  return members === undefined || members.spans.has('model')
}
