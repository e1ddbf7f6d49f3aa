import { isObject, type Json, type JsonObject } from '../chat/json.ts'
import { Findings } from './findings.ts'
import type { Guard, GuardMatch, GuardSide } from './guard.ts'
import { screenValue, type Breathe } from './screen-text.ts'
import { secretName } from './secrets.ts'

export interface ScreenedBody {
  findings: Findings
  /** undefined where nothing was taken out. */
  changed: JsonObject | undefined
  blocked: GuardMatch | undefined
}

/**
 * Looks at every text of a body, whatever its dialect: what is no text (ids, signatures, pictures, names) is left out by
 * the names of members. Never mutates `body`.
 */
export async function screenBody(body: JsonObject, guards: readonly Guard[], side: GuardSide): Promise<ScreenedBody> {
  const findings = new Findings(side)
  const breathe = createBreathe()
  const changes: Changes = new Map()
  const others = guards.filter(({ check }) => check !== 'prompt-injection')
  let blocked: GuardMatch | undefined
  for (const spot of spotsOf(body, side)) {
    const asked = spot.isOurs ? others : guards
    if (asked.length === 0) continue
    const { matches, clean } = await screenValue(spot, asked, breathe)
    for (const match of matches) {
      findings.add(match)
      if (match.guard.action === 'block') blocked ??= match
    }
    if (clean !== spot.text) noteChange(changes, spot, clean)
    const turn = breathe()
    if (turn !== undefined) await turn
  }
  if (changes.size === 0) return { findings, blocked, changed: undefined }
  await breathe()
  const { value } = rebuilt(body, changes)
  await breathe()
  return { findings, blocked, changed: value as JsonObject }
}

/** Milliseconds at one stretch. */
const stretchMs = 2

function createBreathe(): Breathe {
  let since = performance.now()
  return () => {
    if (performance.now() - since < stretchMs) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        since = performance.now()
        resolve()
      })
    })
  }
}

interface Spot {
  holder: Json[] | JsonObject
  key: string | number
  text: string
  /** Set where the member's name says that its value is a secret. */
  name: string | undefined
  /** What the caller's own program or the model itself said: no place from which a stranger could give orders. */
  isOurs: boolean
}

type Changes = Map<Json[] | JsonObject, Map<string | number, string>>

function noteChange(changes: Changes, { holder, key }: Spot, clean: string): void {
  const own = changes.get(holder) ?? new Map<string | number, string>()
  changes.set(holder, own.set(key, clean))
}

/** Members whose values are no text of people or models: changed, they would not fit any more, or mean something else. */
const skipped = new Set([
  ...['id', 'type', 'role', 'object', 'model', 'name', 'status', 'finish_reason', 'stop_reason', 'format', 'encoding'],
  ...['tool_use_id', 'tool_call_id', 'call_id', 'item_id', 'file_id', 'response_id', 'previous_response_id', 'callId'],
  ...['signature', 'thoughtSignature', 'thought_signature', 'encrypted_content', 'encrypted_index', 'fingerprint'],
  ...['media_type', 'mime_type', 'mimeType', 'detail', 'prompt_cache_key', 'service_tier', 'system_fingerprint'],
  ...['$ref', '$id', '$schema', 'pattern', 'modelVersion'],
])
/** Whatever is in them. Under the names above an object may have text: a JSON schema is a `format`. */
const skippedWhole = new Set(['x-gateway', 'cache_control', 'logprobs', 'usage', 'usageMetadata', 'required'])

/** Their members have names that the caller gave: a parameter may be called `id`, and has a description. */
const schemaMembers = new Set(['properties', 'patternProperties', '$defs', 'definitions'])

/** Of an answer that repeats what it was asked (Responses). */
const echoed = new Set(['instructions', 'tools', 'tool_choice', 'metadata', 'prompt', 'user', 'text', 'reasoning'])
const ours = new Set(['system', 'instructions', 'systemInstruction', 'system_instruction'])
const ourRoles = new Set<unknown>(['system', 'developer', 'assistant', 'model'])
const binary = new Set(['data', 'file_data', 'b64_json', 'fileData', 'image', 'audio', 'embedding'])

function spotsOf(body: JsonObject, side: GuardSide): Spot[] {
  const spots: Spot[] = []
  for (const [key, value] of Object.entries(body)) {
    if (side === 'response' && echoed.has(key)) continue
    visit({ holder: body, key, isOurs: side === 'request' && ours.has(key) }, value, side, spots)
  }
  return spots
}

interface Place extends Pick<Spot, 'holder' | 'key' | 'isOurs'> {
  /** Below what a tool is given or answers: names of members mean nothing there. */
  isFree?: boolean
  /** This one name is the caller's. */
  isOwnName?: boolean
}

/** Where they hold an object (Anthropic, Gemini; what a caller notes, and puts into a stored prompt). */
const freeMembers = new Set(['input', 'args', 'arguments', 'response', 'metadata', 'variables'])

function visit(place: Place, value: Json | undefined, side: GuardSide, spots: Spot[]): void {
  const { holder, key, isOurs, isFree = false } = place
  const isNamed = typeof key === 'string' && !isFree && place.isOwnName !== true
  if (isNamed && skippedWhole.has(key)) return
  if (typeof value === 'string') {
    if (isNamed && skipped.has(key)) return
    if (!holdsText(key, value)) return
    const name = typeof key === 'string' && secretName.test(key) ? key : undefined
    spots.push({ holder, key, text: value, name, isOurs })
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) visit({ holder: value, key: index, isOurs, isFree }, each, side, spots)
  } else if (isObject(value)) {
    if (isSealed(value, side)) return
    const below = {
      holder: value,
      isOurs: isOurs || (side === 'request' && ourRoles.has(value['role'])),
      isFree: isFree || (typeof key === 'string' && freeMembers.has(key)),
      isOwnName: isNamed && schemaMembers.has(key),
    }
    for (const [name, each] of Object.entries(value)) visit({ ...below, key: name }, each, side, spots)
  }
}

/** Neither shorter than anything that is looked for nor a picture or another file. */
function holdsText(key: string | number, value: string): boolean {
  if (value.length < 6) return false
  if (value.startsWith('data:')) {
    const head = /^data:[\w.+/-]{0,80}(?:;[\w.+=-]{1,60}){0,4};base64,/i.exec(value)
    return head === null || !isBase64(value, head[0].length)
  }
  // What is shorter may be a key: many have no other characters.
  return !(typeof key === 'string' && binary.has(key) && value.length > longestKey && isBase64(value, 0))
}

/** UTF-16 units of a secret that could be taken for base64. */
const longestKey = 400

/** By its beginning, middle and end: to look at all of a picture would take its time. */
function isBase64(value: string, from: number): boolean {
  const middle = Math.floor((from + value.length) / 2)
  return [from, middle, Math.max(from, value.length - sampleLength)].every((at) =>
    /^[A-Za-z0-9+/_=\r\n-]*$/.test(value.slice(at, at + sampleLength)),
  )
}

const sampleLength = 400

/** Signed or encrypted reasoning goes back as it came, and to nobody but its maker. */
function isSealed(value: JsonObject, side: GuardSide): boolean {
  if (value['type'] === 'redacted_thinking') return true
  return side === 'request' && isReasoning(value) && signatures.some((name) => typeof value[name] === 'string')
}

function isReasoning(value: JsonObject): boolean {
  const { type } = value
  return type === 'thinking' || type === 'reasoning' || type === 'reasoning.text' || value['thought'] === true
}

const signatures = ['signature', 'thoughtSignature', 'thought_signature', 'encrypted_content']

/** A copy with the changes; what was signed or weighed word by word is so no more. */
function rebuilt(value: Json | undefined, changes: Changes): { value: Json | undefined; isChanged: boolean } {
  if (Array.isArray(value)) {
    const own = changes.get(value)
    const all = value.map((each, index) => rebuiltMember(own?.get(index), each, changes))
    return { value: all.map((each) => each.value as Json), isChanged: all.some(({ isChanged }) => isChanged) }
  }
  if (!isObject(value)) return { value, isChanged: false }
  const own = changes.get(value)
  const copy: JsonObject = {}
  let isChanged = false
  for (const [key, each] of Object.entries(value)) {
    const member = rebuiltMember(own?.get(key), each, changes)
    copy[key] = member.value
    isChanged ||= member.isChanged
  }
  if (isChanged) unsign(copy)
  return { value: copy, isChanged }
}

function rebuiltMember(
  clean: string | undefined,
  value: Json | undefined,
  changes: Changes,
): { value: Json | undefined; isChanged: boolean } {
  return clean === undefined ? rebuilt(value, changes) : { value: clean, isChanged: true }
}

function unsign(copy: JsonObject): void {
  if (isReasoning(copy)) for (const name of signatures) delete copy[name]
  if (copy['logprobs'] !== undefined) copy['logprobs'] = Array.isArray(copy['logprobs']) ? [] : null
}
