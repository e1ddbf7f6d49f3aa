import { asObject, isObject, parseJson, type JsonObject } from '../chat/json.ts'
import type { Warning } from '../chat/request.ts'
import { sealMark } from '../chat/seal.ts'
import { editMembers, memberValue, type MemberEdit } from '../dialects/members.ts'
import { GatewayError } from '../errors.ts'
import { modelFacts } from '../models/catalog.ts'
import { requestPath, upstreamModel } from '../providers/provider.ts'
import { applyQuirks, mayApply, topLevelEdits } from '../providers/quirks.ts'
import type { InlineMedia } from '../upstream/media.ts'
import type { Call, Target } from './call.ts'
import { canonicalRequest } from './canonical.ts'

/** What goes to the provider for one target. */
export interface Prepared {
  path: string
  body: Buffer
  headers: Record<string, string>
  warnings: Warning[]
}

/** Builds the provider's request: the client's bytes with what must change, or a translation. */
export async function prepare(call: Call, target: Target, inlineMedia: InlineMedia): Promise<Prepared> {
  return target.passThrough ? preparePassThrough(call, target) : prepareTranslation(call, target, inlineMedia)
}

function preparePassThrough(call: Call, target: Target): Prepared {
  const { members } = call
  const change = dialectChange(call, target)
  if (change !== undefined) return prepareChanged(call, target, change)
  const quirks = target.provider.row.quirks ?? []
  const own = ownEdits(call, target)
  const has = (name: string): boolean =>
    members.spans.has(name) || own.some(({ member, set }) => member === name && set !== undefined)
  const contains = (text: string): boolean => members.bytes.includes(text)
  if (!quirks.some((quirk) => mayApply(quirk, has, contains))) {
    return prepared(call, target, editMembers(members, own), [])
  }
  const names = new Set([
    ...members.spans.keys(),
    ...own.filter(({ set }) => set !== undefined).map(({ member }) => member),
  ])
  const planned = topLevelEdits(names, quirks, contains)
  if (!planned.needsParse) {
    const edits = planned.edits.map(({ set, ...edit }) =>
      set === undefined ? edit : { ...edit, set: JSON.stringify(set) },
    )
    return prepared(call, target, editMembers(members, merge(own, edits)), droppedWarnings(planned.dropped, target))
  }
  const { body, dropped } = applyQuirks(parseEdited(call, editMembers(members, own)), quirks)
  return prepared(call, target, bytesOf(body), droppedWarnings(dropped, target))
}

type BodyChange = (body: JsonObject) => JsonObject

/**
 * What the client's dialect changes in its body, where it must: signed thinking that the gateway handed out goes back to
 * its maker as it was, and to nobody else; a name that the body repeats becomes the provider's.
 */
function dialectChange(call: Call, target: Target): BodyChange | undefined {
  const { unsealFor, rename } = call.dialect.client ?? {}
  const changes: BodyChange[] = []
  const origin = { provider: target.provider.name, model: target.model }
  if (unsealFor !== undefined && call.members.bytes.includes(sealMark)) changes.push((body) => unsealFor(body, origin))
  const model = upstreamModel(target.provider, target.model)
  if (rename !== undefined && model !== call.model) changes.push((body) => rename(body, model))
  return changes.length === 0 ? undefined : (body) => changes.reduce((changed, change) => change(changed), body)
}

function prepareChanged(call: Call, target: Target, change: BodyChange): Prepared {
  const changed = change(parseEdited(call, editMembers(call.members, ownEdits(call, target))))
  const { body, dropped } = applyQuirks(changed, target.provider.row.quirks ?? [])
  return prepared(call, target, bytesOf(body), droppedWarnings(dropped, target))
}

/** The scan does not look into members: what is malformed there shows only now. */
function parseEdited(call: Call, bytes: Buffer): JsonObject {
  const edited = asObject(parseJson(bytes.toString('utf8')))
  // Throws for the client to read.
  return edited ?? call.json()
}

async function prepareTranslation(call: Call, target: Target, inlineMedia: InlineMedia): Promise<Prepared> {
  const chat = target.dialect.provider?.chat
  if (chat === undefined)
    throw new GatewayError('unsupported_operation', `${target.dialect.id} cannot be translated to.`)
  const read = canonicalRequest(call)
  const request = chat.inlinesMedia === true ? await inlineMedia(read.value, call.signal) : read.value
  const model = upstreamModel(target.provider, target.model)
  const facts = modelFacts(target.model)
  const written = chat.write({ ...request, model }, { provider: target.provider.name, model: target.model, facts })
  const { body, dropped } = applyQuirks(written.value, target.provider.row.quirks ?? [])
  const warnings = [...read.warnings, ...written.warnings, ...droppedWarnings(dropped, target)]
  return prepared(call, target, bytesOf(body), warnings)
}

/** The body itself is only so deep; but arguments and results, which come as text, become objects in some dialects. */
function bytesOf(body: JsonObject): Buffer {
  try {
    return Buffer.from(JSON.stringify(body))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const text = 'The arguments or the result of a tool call in this conversation are nested too deeply to be sent.'
    throw new GatewayError('invalid_request', text, { cause: error })
  }
}

function droppedWarnings(dropped: string[], { provider }: Target): Warning[] {
  return dropped.map((feature) => ({ feature, reason: `not taken by ${provider.name}` }))
}

function prepared(call: Call, target: Target, body: Buffer, warnings: Warning[]): Prepared {
  const { path, headers } = addressOf(target, call.stream)
  return { path, body, headers: withClients(call, target, headers), warnings }
}

/** What the client sent, under what the provider's dialect, configuration and credentials say. */
function withClients(call: Call, target: Target, headers: Record<string, string>): Record<string, string> {
  const own = target.passThrough && !isEmpty(call.dialectHeaders)
  if (!own) return isEmpty(call.headers) ? headers : { ...call.headers, ...headers }
  // Of its own dialect the client knows the version; what the user configured for the provider still wins.
  const merged = { ...call.headers, ...headers, ...call.dialectHeaders, ...target.endpoint.headers }
  const betas = [call.dialectHeaders[betaHeader], target.endpoint.headers[betaHeader]].filter(
    (text) => text !== undefined,
  )
  return betas.length < 2 ? merged : { ...merged, [betaHeader]: betas.join(',') }
}

/** A list to which everybody adds. */
const betaHeader = 'anthropic-beta'

function isEmpty(object: object): boolean {
  for (const _ in object) return false
  return true
}

type Address = Pick<Prepared, 'path' | 'headers'>

/** The same for every call to a target, so it is made once for streams and once for whole answers. */
const addresses = new WeakMap<Target, { stream?: Address; whole?: Address }>()

function addressOf(target: Target, stream: boolean): Address {
  const known = addresses.get(target) ?? {}
  const form = stream ? 'stream' : 'whole'
  const address = known[form] ?? makeAddress(target, stream)
  if (known[form] === undefined) addresses.set(target, { ...known, [form]: address })
  return address
}

function makeAddress(target: Target, stream: boolean): Address {
  const side = target.dialect.provider
  if (side === undefined) throw new GatewayError('unsupported_operation', `No provider speaks ${target.dialect.id}.`)
  const dialectPath = side.path({ model: upstreamModel(target.provider, target.model), stream })
  const path = requestPath(target.provider, target.endpoint, { model: target.model, dialectPath })
  const headers = {
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    ...side.headers,
    ...target.endpoint.headers,
  }
  return { path, headers }
}

/** What every pass-through changes: the model's name, our own extension, and asking for usage. */
function ownEdits(call: Call, target: Target): MemberEdit[] {
  const edits: MemberEdit[] = []
  const model = upstreamModel(target.provider, target.model)
  // Where the URL names the model, the body does not.
  if (model !== call.model && call.members.spans.has('model'))
    edits.push({ member: 'model', set: JSON.stringify(model) })
  if (call.members.spans.has('x-gateway')) edits.push({ member: 'x-gateway', drop: true })
  if (call.stream && !call.includeUsage && target.dialect.usageOnRequest === true) {
    const given = memberValue(call.members, 'stream_options')
    const asked = { ...(isObject(given) ? given : {}), include_usage: true }
    edits.push({ member: 'stream_options', set: JSON.stringify(asked) })
  }
  return edits
}

/** Quirks win over our own edits of the same member. */
function merge(own: MemberEdit[], quirks: MemberEdit[]): MemberEdit[] {
  if (quirks.length === 0) return own
  const names = new Set(quirks.map((edit) => edit.member))
  return [...own.filter((edit) => !names.has(edit.member)), ...quirks]
}
