import type { Json, JsonObject } from '../chat/json.ts'
import { mapMessages } from './messages.ts'
import { shortToolIds } from './tool-ids.ts'
import type { Quirk } from './types.ts'

export interface QuirkedBody {
  /** The body as the provider takes it; the very same object where nothing applied. */
  body: JsonObject
  changed: boolean
  /** What the client asked for and the provider will not see: `store`, `messages[].reasoning_content`. */
  dropped: string[]
}

/** A body as a row's quirks want it, in the row's order. Pure: `body` stays as it is. */
export function applyQuirks(body: JsonObject, quirks: readonly Quirk[]): QuirkedBody {
  const dropped: string[] = []
  let current = body
  for (const quirk of quirks) current = apply(current, quirk, dropped)
  return { body: current, changed: current !== body, dropped }
}

type VerbName = Quirk['verb']
type QuirkOf<V extends VerbName> = Extract<Quirk, { verb: V }>
type Verb<V extends VerbName> = (body: JsonObject, quirk: QuirkOf<V>, dropped: string[]) => JsonObject

/** Every verb returns the body it was given when there is nothing to do. */
const verbs: { [V in VerbName]: Verb<V> } = {
  rename: (body, { member, to }) => renameMember(body, member, to),
  drop: (body, { member }, dropped) => {
    if (isGiven(body[member])) dropped.push(member)
    return without(body, member)
  },
  default: (body, { member, value }) => (isGiven(body[member]) ? body : { ...body, [member]: value }),
  clamp: (body, { member, min, max }) => {
    const value = body[member]
    if (typeof value !== 'number') return body
    const clamped = Math.min(Math.max(value, min ?? -Infinity), max ?? Infinity)
    return clamped === value ? body : { ...body, [member]: clamped }
  },
  'drop-in-messages': (body, { member, role }, dropped) =>
    mapMessages(body, (message) => {
      if (!isOfRole(message, role) || !(member in message)) return message
      const name = `messages[].${member}`
      if (isGiven(message[member]) && !dropped.includes(name)) dropped.push(name)
      return without(message, member)
    }),
  'rename-in-messages': (body, { member, to, role }) =>
    mapMessages(body, (message) => (isOfRole(message, role) ? renameMember(message, member, to) : message)),
  'developer-to-system': (body) => {
    const rename = (message: JsonObject): JsonObject =>
      message['role'] === 'developer' ? { ...message, role: 'system' } : message
    return mapMessages(mapMessages(body, rename), rename, 'input')
  },
  'tool-ids': (body, { length }) => mapMessages(body, (message) => shortToolIds(message, length)),
  'no-stream-options': (body) => without(body, 'stream_options'),
}

function apply(body: JsonObject, quirk: Quirk, dropped: string[]): JsonObject {
  return verbs[quirk.verb](body, quirk as never, dropped)
}

function isOfRole(message: JsonObject, role: string | undefined): boolean {
  return role === undefined || message['role'] === role
}

/** null is how many clients say "not given". */
function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null
}

function without(object: JsonObject, member: string): JsonObject {
  if (!(member in object)) return object
  const { [member]: _, ...rest } = object
  return rest
}

/** A member that has the new name already wins: a client that sends both means the newer one. */
function renameMember(object: JsonObject, member: string, to: string): JsonObject {
  if (!(member in object)) return object
  const { [member]: value, ...rest } = object
  return isGiven(rest[to]) || !isGiven(value) ? rest : { ...rest, [to]: value }
}

/** Whether a quirk needs the conversation, which a pass-through would rather not parse. */
export function touchesMessages(quirk: Quirk): boolean {
  return messageMarker(quirk) !== undefined
}

/** Text that a body must contain for the quirk to have anything to do in its messages. */
function messageMarker(quirk: Quirk): string | undefined {
  switch (quirk.verb) {
    case 'drop-in-messages':
    case 'rename-in-messages':
      return `"${quirk.member}"`
    case 'developer-to-system':
      return '"developer"'
    case 'tool-ids':
      return '"tool_call'
    default:
      return undefined
  }
}

/** Whether the quirk may have anything to do in a body of which only the names of its members and its text are known. */
export function mayApply(quirk: Quirk, has: (member: string) => boolean, contains: (text: string) => boolean): boolean {
  const marker = messageMarker(quirk)
  if (marker !== undefined) return contains(marker)
  if (quirk.verb === 'no-stream-options') return has('stream_options')
  if (quirk.verb === 'default') return !has(quirk.member)
  return !('member' in quirk) || has(quirk.member)
}

/** One change of a top-level member: give it another name, take it out, or add it. */
export interface TopLevelEdit {
  member: string
  rename?: string
  drop?: true
  set?: Json
}

export interface TopLevelEdits {
  edits: TopLevelEdit[]
  /** As in QuirkedBody; a member whose value is null counts as given here. */
  dropped: string[]
  /** Bytes do not suffice: parse the body and use `applyQuirks` instead of `edits`. */
  needsParse: boolean
}

/**
 * The quirks as edits of bytes, for a body of which only the names of its top-level members are known. `contains` says
 * whether the body's bytes hold a text: without it any quirk of messages asks for a parse, with it only those that
 * can have something to do.
 */
export function topLevelEdits(
  members: Iterable<string>,
  quirks: readonly Quirk[],
  contains: (text: string) => boolean = () => true,
): TopLevelEdits {
  const present = new Set(members)
  const result: TopLevelEdits = { edits: [], dropped: [], needsParse: false }
  for (const quirk of quirks) {
    const edit = topLevelEdit(quirk, present)
    if (edit !== undefined) addEdit(result, edit, quirk)
    if (needsValue(quirk, present, contains)) result.needsParse = true
  }
  return result
}

function addEdit(result: TopLevelEdits, edit: TopLevelEdit, quirk: Quirk): void {
  result.edits.push(edit)
  if (quirk.verb === 'drop') result.dropped.push(edit.member)
}

/** The edit a quirk comes to; `present` is kept true to what the body will be after it. */
function topLevelEdit(quirk: Quirk, present: Set<string>): TopLevelEdit | undefined {
  switch (quirk.verb) {
    case 'rename': {
      if (!present.delete(quirk.member)) return undefined
      if (present.has(quirk.to)) return { member: quirk.member, drop: true }
      present.add(quirk.to)
      return { member: quirk.member, rename: quirk.to }
    }
    case 'drop':
      return present.delete(quirk.member) ? { member: quirk.member, drop: true } : undefined
    case 'no-stream-options':
      return present.delete('stream_options') ? { member: 'stream_options', drop: true } : undefined
    case 'default':
      if (present.has(quirk.member)) return undefined
      present.add(quirk.member)
      return { member: quirk.member, set: quirk.value }
    default:
      return undefined
  }
}

function needsValue(quirk: Quirk, present: ReadonlySet<string>, contains: (text: string) => boolean): boolean {
  if (quirk.verb === 'clamp') return present.has(quirk.member)
  const marker = messageMarker(quirk)
  if (marker === undefined || !contains(marker)) return false
  // OpenAI Responses has its messages in `input`.
  return present.has('messages') || (quirk.verb === 'developer-to-system' && present.has('input'))
}
