import { editMembers, type MemberEdit } from '../../dialects/members.ts'
import { GatewayError } from '../../errors.ts'
import { forwardFor, forwardName, forwardPath } from '../../providers/forwards.ts'
import { upstreamModel } from '../../providers/provider.ts'
import type { Call, Target } from '../call.ts'
import type { Prepared } from '../prepare.ts'
import type { Forwarded } from './forwarded.ts'

/** The client's bytes with the model's name changed and `x-gateway` taken out, to where this target has the endpoint. */
export function prepareForward(call: Call, target: Target, forwarded: Forwarded): Prepared {
  const { id, below, query, hasBody, upload } = forwarded
  const forward = forwardFor(target.provider, id)
  if (forward === undefined)
    throw new GatewayError('unsupported_operation', `Provider "${target.provider.name}" has no ${forwardName(id)}.`)
  const model = upstreamModel(target.provider, target.model)
  return {
    path: forwardPath(forward, { model, below, query }),
    headers: headersFor(call, target, forwarded),
    body: hasBody && upload === undefined ? editMembers(call.members, editsFor(call, model)) : Buffer.alloc(0),
    warnings: [],
  }
}

function editsFor({ members, model: asked }: Call, model: string): MemberEdit[] {
  const edits: MemberEdit[] = []
  if (members.spans.has('model') && model !== asked) edits.push({ member: 'model', set: JSON.stringify(model) })
  if (members.spans.has('x-gateway')) edits.push({ member: 'x-gateway', drop: true })
  return edits
}

/** Credentials are the endpoint's, and come last: nothing of the client's stands in their place. */
function headersFor(call: Call, target: Target, { accept, upload, hasBody }: Forwarded): Record<string, string> {
  const contentType = upload?.contentType ?? (hasBody ? 'application/json' : undefined)
  return {
    ...call.headers,
    accept: accept ?? '*/*',
    ...target.dialect.provider?.headers,
    ...call.dialectHeaders,
    ...target.endpoint.headers,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  }
}
