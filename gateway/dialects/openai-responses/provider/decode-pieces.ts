import { asArray, asObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { argumentsEnd, argumentsPiece, argumentsStart } from '../../custom-input.ts'
import { readAnnotations } from '../../openai-chat/provider/decode-annotations.ts'
import { CHOICE, type ItemState, type ResponseState } from './decode-state.ts'

interface TextPiece {
  text: string
  logprobs?: Json | undefined
}

/** Text of one content part; `name` is the part's, `text/0`. */
export function addText(state: ResponseState, item: ItemState, name: string, piece: TextPiece): void {
  const { text, logprobs } = piece
  if (!item.starts.has(name)) item.starts.set(name, state.textLength)
  item.told.add(name)
  state.textLength += text.length
  const content = asArray(logprobs)
  state.parts.text(CHOICE, text, content === undefined || content.length === 0 ? undefined : { content })
}

export function addRefusal(state: ResponseState, item: ItemState, name: string, text: string): void {
  item.told.add(name)
  state.parts.endProse(CHOICE)
  if (text !== '') state.emit({ type: 'refusal-delta', choice: CHOICE, text })
}

/** Thoughts told in several parts are paragraphs: only their borders say so. */
export function addThought(state: ResponseState, item: ItemState, name: string, text: string): void {
  if (text === '') return
  const isNext = !item.told.has(name) && item.told.size > 0
  item.told.add(name)
  state.parts.reasoning(CHOICE, isNext ? `\n\n${text}` : text)
}

/** Citations beyond those already told. */
export function addCitations(state: ResponseState, item: ItemState, name: string, annotations: Json[]): void {
  const told = item.citations.get(name) ?? 0
  if (annotations.length <= told) return
  item.citations.set(name, annotations.length)
  tell(state, item, name, annotations.slice(told))
}

/** `text/0` -> the annotation that came as an event of its own, after those before it. */
export function addCitation(state: ResponseState, item: ItemState, name: string, annotation: JsonObject): void {
  item.citations.set(name, (item.citations.get(name) ?? 0) + 1)
  tell(state, item, name, [annotation])
}

function tell(state: ResponseState, item: ItemState, name: string, annotations: Json[]): void {
  const offset = item.starts.get(name) ?? state.textLength
  for (const { start, end, ...annotation } of readAnnotations(annotations)) {
    const place = start === undefined || end === undefined ? {} : { start: start + offset, end: end + offset }
    state.emit({ type: 'annotation', choice: CHOICE, annotation: { ...annotation, ...place } })
  }
}

export function addArguments(state: ResponseState, item: ItemState, text: string): void {
  item.told.add('arguments')
  state.parts.toolDelta(CHOICE, item.key, text)
}

/** The text of a custom tool's input as the JSON it is in canonical form. */
export function addInput(state: ResponseState, item: ItemState, text: string): void {
  if (!item.told.has('input')) state.parts.toolDelta(CHOICE, item.key, argumentsStart)
  item.told.add('input')
  state.parts.toolDelta(CHOICE, item.key, argumentsPiece(text))
}

export function endInput(state: ResponseState, item: ItemState): void {
  if (item.told.has('input')) state.parts.toolDelta(CHOICE, item.key, argumentsEnd)
}

export function contentOf(holder: JsonObject, member: string): JsonObject[] {
  return (asArray(holder[member]) ?? []).map((part) => asObject(part) ?? {})
}
