import type { Annotation, Emit } from '../../../chat/event.ts'
import { asArray, asObject, asString, type JsonObject } from '../../../chat/json.ts'
import type { Parts } from '../../../chat/parts.ts'

/** Messages always has one choice. */
const CHOICE = 0

/** The content blocks of one answer, as far as they have come. */
export interface BlockState {
  emit: Emit
  parts: Parts
  /** Keyed by the wire's block index. */
  open: Map<number, OpenBlock>
  /** UTF-16 units of all text so far: where a citation's text begins. */
  textLength: number
}

interface OpenBlock {
  type: string
  textStart: number
  citations: JsonObject[]
  /** Arguments told with the start; real unless fragments follow. */
  input?: JsonObject | undefined
  hasArguments: boolean
}

type BlockHandler = (state: BlockState, index: number, content: JsonObject, block: OpenBlock) => void

const starts: Record<string, BlockHandler> = {
  text(state, index, content, block) {
    for (const citation of asArray(content['citations']) ?? [])
      deltas['citations_delta']?.(state, index, { citation }, block)
    addText(state, asString(content['text']))
  },
  thinking(state, _index, content) {
    state.parts.reasoning(CHOICE, asString(content['thinking']) ?? '')
    sign(state, asString(content['signature']))
  },
  redacted_thinking(state, _index, content) {
    state.parts.redacted(CHOICE, asString(content['data']) ?? '')
  },
  tool_use(state, index, content, block) {
    block.input = asObject(content['input'])
    state.parts.toolStart(CHOICE, index, { id: asString(content['id']) ?? '', name: asString(content['name']) ?? '' })
  },
}

/** A delta belongs to one type of block: `input_json_delta` also fills server tools, which are not the client's to run. */
const deltas: Record<string, BlockHandler> = {
  text_delta(state, _index, delta, block) {
    if (block.type === 'text') addText(state, asString(delta['text']))
  },
  thinking_delta(state, _index, delta, block) {
    if (block.type === 'thinking') state.parts.reasoning(CHOICE, asString(delta['thinking']) ?? '')
  },
  signature_delta(state, _index, delta, block) {
    if (block.type === 'thinking') sign(state, asString(delta['signature']))
  },
  input_json_delta(state, index, delta, block) {
    const json = asString(delta['partial_json']) ?? ''
    if (block.type !== 'tool_use' || json === '') return
    block.hasArguments = true
    state.parts.toolDelta(CHOICE, index, json)
  },
  citations_delta(_state, _index, delta, block) {
    const citation = asObject(delta['citation'])
    if (block.type === 'text' && citation !== undefined) block.citations.push(citation)
  },
}

const stops: Record<string, (state: BlockState, index: number, block: OpenBlock) => void> = {
  text(state, _index, block) {
    state.parts.endProse(CHOICE)
    for (const citation of block.citations) annotate(state, block, citation)
  },
  thinking(state) {
    state.parts.endProse(CHOICE)
  },
  tool_use(state, index, block) {
    // A call without arguments streams '' only: {} is what it means, and what JSON.parse of the client needs.
    if (!block.hasArguments) state.parts.toolDelta(CHOICE, index, JSON.stringify(block.input ?? {}))
    state.parts.toolEnd(CHOICE, index)
  },
}

/**
 * `content` is the block as its start event has it, or whole. Types without a handler are server-side tools and their
 * results, compaction, fallback notes and what comes next: nothing to show behind another dialect, but not nothing.
 */
export function startBlock(state: BlockState, index: number, content: JsonObject): void {
  const block = openBlock(state, index, asString(content['type']) ?? '')
  const start = Object.hasOwn(starts, block.type) ? starts[block.type] : undefined
  if (start === undefined) state.emit({ type: 'activity' })
  else start(state, index, content, block)
}

export function extendBlock(state: BlockState, index: number, delta: JsonObject): void {
  const type = asString(delta['type']) ?? ''
  // Some compatible servers forget the start of a text or thinking block.
  const block = state.open.get(index) ?? openBlock(state, index, type === 'text_delta' ? 'text' : 'thinking')
  if (Object.hasOwn(deltas, type)) deltas[type]?.(state, index, delta, block)
}

export function stopBlock(state: BlockState, index: number): void {
  const block = state.open.get(index)
  if (block === undefined) return
  state.open.delete(index)
  if (Object.hasOwn(stops, block.type)) stops[block.type]?.(state, index, block)
}

function openBlock(state: BlockState, index: number, type: string): OpenBlock {
  stopBlock(state, index)
  const block: OpenBlock = { type, textStart: state.textLength, citations: [], hasArguments: false }
  state.open.set(index, block)
  return block
}

function addText(state: BlockState, text = ''): void {
  state.textLength += text.length
  state.parts.text(CHOICE, text)
}

function sign(state: BlockState, signature = ''): void {
  // Streams start every thinking block with an empty signature.
  if (signature !== '') state.parts.sign(CHOICE, signature)
}

/** Only citations of the web have a URL; those of the client's own documents have no canonical form. */
function annotate(state: BlockState, block: OpenBlock, citation: JsonObject): void {
  const url = asString(citation['url']) ?? asString(citation['source'])
  if (url === undefined || !/^https?:/i.test(url)) return
  const title = asString(citation['title'])
  const annotation: Annotation = { url, start: block.textStart, end: state.textLength }
  if (title !== undefined) annotation.title = title
  state.emit({ type: 'annotation', choice: CHOICE, annotation })
}
