import { asString, type JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Message, Origin, ReasoningPart, ToolCallPart, Warning } from '../../../chat/request.ts'
import { unseal } from '../../../chat/seal.ts'
import { given } from '../../../chat/given.ts'
import { optionalObject, optionalString, pathOf, requiredString, unsupported } from '../../expect.ts'
import { camelMembers } from './camel.ts'
import type { CallIds } from './call-ids.ts'
import type { WirePart } from './content.ts'
import { readMedia } from './read-media.ts'

/** An answer the client sends back, put together again: streams leave many pieces of one text or thought. */
export function readModelTurn(wireParts: WirePart[], ids: CallIds, warnings: Warning[]): Message[] {
  ids.begin()
  const parts: AssistantPart[] = []
  const turn: Turn = { parts, thoughts: new Set(), ids, warnings }
  for (const { part, at } of wireParts) readPart(part, at, turn)
  return parts.length === 0 ? [] : [{ role: 'assistant', parts }]
}

interface Turn {
  parts: AssistantPart[]
  /** Those among the parts: looked for there with every call, they would take the square of their number. */
  thoughts: Set<string>
  ids: CallIds
  warnings: Warning[]
}

function readPart(part: JsonObject, at: string, turn: Turn): void {
  const signature = asString(part['thoughtSignature']) ?? ''
  const call = optionalObject(part, 'functionCall', at)
  if (call !== undefined) return readCall(camelMembers(call), { at: pathOf(at, 'functionCall'), signature }, turn)
  const text = optionalString(part, 'text', at)
  if (text === undefined) return readOther(part, at, turn)
  if (part['thought'] === true) return addThought(turn, thoughtOf(text, signature))
  addText(turn.parts, text)
  // Canonical text has no place for a signature: it becomes an empty signed thought behind the text.
  if (signature !== '') addThought(turn, thoughtOf('', signature))
}

function readCall(call: JsonObject, { at, signature }: { at: string; signature: string }, turn: Turn): void {
  const name = requiredString(call, 'name', at)
  const isThought = signsThought(signature)
  if (isThought) addCarried(turn, thoughtOf('', signature))
  turn.parts.push({
    type: 'tool-call',
    id: turn.ids.call(optionalString(call, 'id', at), name),
    name,
    arguments: JSON.stringify(optionalObject(call, 'args', at) ?? {}),
    ...(isThought ? {} : callSignature(signature)),
  })
}

/** Of a call's signature: it is the one of the thought before it (see encode-parts.ts). */
function signsThought(signature: string): boolean {
  const sealed = unseal(signature)
  return sealed?.redacted !== undefined || sealed?.text !== undefined
}

function thoughtOf(text: string, signature: string): ReasoningPart {
  if (signature === '') return { type: 'reasoning', text }
  const { text: sealed = '', call: _, provider, model, ...signed } = unseal(signature) ?? { signature, ...nobody }
  return { type: 'reasoning', text: text === '' ? sealed : text, ...given(signed), origin: { provider, model } }
}

function callSignature(text: string): Pick<ToolCallPart, 'signature' | 'origin'> {
  if (text === '') return {}
  const { signature, provider, model } = unseal(text) ?? { signature: text, ...nobody }
  return { ...given({ signature }), origin: { provider, model } }
}

/** What is not sealed is Google's own, from a pass-through: nobody else can read it. */
const nobody: Origin = { provider: '', model: '' }

function addText(parts: AssistantPart[], text: string): void {
  if (text === '') return
  const last = parts.at(-1)
  if (last?.type === 'text') last.text += text
  else parts.push({ type: 'text', text })
}

/** What tells one thought from another. */
function nameOf({ signature, redacted }: ReasoningPart): string {
  return JSON.stringify([signature, redacted])
}

/** Pieces of one thought until a signature closes it. */
function addThought({ parts, thoughts }: Turn, thought: ReasoningPart): void {
  if (thought.text === '' && thought.signature === undefined && thought.redacted === undefined) return
  thoughts.add(nameOf(thought))
  const last = parts.at(-1)
  const isOpen = last?.type === 'reasoning' && last.signature === undefined && last.redacted === undefined
  if (!isOpen || thought.redacted !== undefined) parts.push(thought)
  else parts.splice(-1, 1, { ...last, ...thought, text: last.text + thought.text })
}

/** A call carries the thought before it for clients that forget thoughts, or their signatures; others sent it already. */
function addCarried({ parts, thoughts }: Turn, thought: ReasoningPart): void {
  if (thoughts.has(nameOf(thought))) return
  thoughts.add(nameOf(thought))
  // Before what was said between it and the call: Anthropic wants thinking first.
  const at = parts.findLastIndex((part) => part.type !== 'text') + 1
  const before = parts[at - 1]
  const isPiece = before?.type === 'reasoning' && before.signature === undefined && before.redacted === undefined
  parts.splice(isPiece ? at - 1 : at, isPiece ? 1 : 0, thought)
}

const leftOut = new Set(['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse'])

/** What Google's own tools did in an earlier answer only Google knows to read; the text after it says what came of it. */
function readOther(part: JsonObject, at: string, { warnings }: Turn): void {
  const kind = Object.keys(part).find((name) => leftOut.has(name))
  if (kind !== undefined) {
    warnings.push({ feature: pathOf(at, kind), reason: "what Google's own tools did is left out of the conversation" })
    return
  }
  if (readMedia(part, at) !== undefined)
    throw unsupported(at, 'is media in an answer of the model, which cannot be translated.')
  const names = Object.keys(part).filter((name) => part[name] !== null && name !== 'thought')
  if (names.length > 0 && names[0] !== 'thoughtSignature')
    warnings.push({ feature: at, reason: `a part of kind '${names[0]}' cannot be translated` })
}
