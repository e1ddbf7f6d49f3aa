import { randomUUID } from 'node:crypto'
import { asObject, asString, parseJson, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Parts } from '../../../chat/parts.ts'
import { argumentsEnd, argumentsPiece, argumentsStart } from '../../custom-input.ts'

interface Call {
  key: number
  /** The provider's id, where it told one. */
  toldId: string | undefined
  name: string | undefined
  /** So far. A call is told when its name is known; one that never gets a name cannot be answered and is left out. */
  arguments: string
  /** They end like an object: only then it is worth looking whether they are whole. */
  mayBeWhole: boolean
  /** Of a custom tool, whose text becomes JSON: written until its end, which nothing else tells. */
  isCustom: boolean
}

/**
 * The tool calls of one choice. OpenAI names a call by `index` and tells id and name once; others leave the index out
 * (Mistral), repeat index 0 with a new id (Gemini's and Ollama's compatible APIs), send `id: ""` (Alibaba) or
 * `name: ""` (Z.ai through Mistral) with later pieces, or whole arguments in one piece.
 */
export class ToolCalls {
  readonly #parts: Parts
  readonly #choice: number
  readonly #calls: Call[] = []
  readonly #byIndex = new Map<number, Call>()
  readonly #byId = new Map<string, Call>()
  #last: Call | undefined

  constructor(parts: Parts, choice: number) {
    this.#parts = parts
    this.#choice = choice
  }

  add(piece: JsonObject, replyId: string | undefined): void {
    const custom = asObject(piece['custom'])
    const inner = custom ?? asObject(piece['function']) ?? {}
    const index = typeof piece['index'] === 'number' ? piece['index'] : undefined
    const id = nonEmpty(piece['id'])
    const name = nonEmpty(inner['name'])
    const call = this.#find(index, id, name) ?? this.#open(index)
    this.#last = call
    if (call.toldId === undefined && id !== undefined) this.#name(call, id)
    if (call.name === undefined && name !== undefined) this.#start(call, name, replyId)
    this.#extend(call, custom === undefined ? argumentsText(inner['arguments']) : inputText(call, custom))
    const signature = readSignature(piece)
    if (signature !== undefined) this.#parts.toolSign(this.#choice, call.key, signature)
  }

  /** The answer is complete. */
  end(): void {
    for (const call of this.#calls) if (call.isCustom) this.#extend(call, argumentsEnd)
  }

  #find(index: number | undefined, id: string | undefined, name: string | undefined): Call | undefined {
    if (index === undefined) return this.#findByName(id, name)
    const call = this.#byIndex.get(index)
    return call !== undefined && isAnother(call, id, name) ? undefined : call
  }

  #findByName(id: string | undefined, name: string | undefined): Call | undefined {
    if (id !== undefined) return this.#byId.get(id)
    return name === undefined ? this.#last : undefined
  }

  #open(index: number | undefined): Call {
    const call: Call = {
      key: this.#calls.length,
      toldId: undefined,
      name: undefined,
      arguments: '',
      mayBeWhole: false,
      isCustom: false,
    }
    this.#calls.push(call)
    if (index !== undefined) this.#byIndex.set(index, call)
    return call
  }

  /** Of several calls with one id, which no provider should send, the first is meant. */
  #name(call: Call, id: string): void {
    call.toldId = id
    if (!this.#byId.has(id)) this.#byId.set(id, call)
  }

  #start(call: Call, name: string, replyId: string | undefined): void {
    call.name = name
    const id = call.toldId ?? makeId(replyId, this.#choice, call.key)
    this.#parts.toolStart(this.#choice, call.key, { id, name })
    this.#parts.toolDelta(this.#choice, call.key, call.arguments)
  }

  #extend(call: Call, text: string): void {
    call.arguments += text
    if (text !== '') call.mayBeWhole = text.trimEnd().endsWith('}')
    if (call.name !== undefined) this.#parts.toolDelta(this.#choice, call.key, text)
  }
}

/** A new call under an old index: another id with a name, or, where there are no ids, a name after whole arguments. */
function isAnother(call: Call, id: string | undefined, name: string | undefined): boolean {
  if (name === undefined || call.name === undefined) return false
  if (id !== undefined) return call.toldId !== undefined && call.toldId !== id
  return call.toldId === undefined && (call.name !== name || isWhole(call))
}

function isWhole(call: Call): boolean {
  return call.mayBeWhole && parseJson(call.arguments) !== undefined
}

/** Servers that give calls no id: one made of the answer's id is the same however the bytes were cut. */
function makeId(replyId: string | undefined, choice: number, key: number): string {
  const reply = (replyId ?? randomUUID()).replaceAll(/[^\w-]/g, '')
  return `call_${reply}_${choice}_${key}`
}

function inputText(call: Call, custom: JsonObject): string {
  const start = call.isCustom ? '' : argumentsStart
  call.isCustom = true
  return start + argumentsPiece(asString(custom['input']) ?? '')
}

/** Some servers send the arguments as an object instead of its text. */
function argumentsText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Google's OpenAI-compatible API carries Gemini's thought signature here. */
function readSignature(piece: JsonObject): string | undefined {
  return nonEmpty(asObject(asObject(piece['extra_content'])?.['google'])?.['thought_signature'])
}

function nonEmpty(value: unknown): string | undefined {
  const text = asString(value)
  return text === '' ? undefined : text
}
