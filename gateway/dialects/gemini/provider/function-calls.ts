import { asArray, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Parts } from '../../../chat/parts.ts'
import { PartialArguments } from './partial-arguments.ts'

interface OpenCall {
  key: number
  arguments: PartialArguments
}

/**
 * `functionCall` parts -> tool calls. Most come whole, `{ name, args }`. With streamed arguments a call opens with
 * `{ name, willContinue: true }`, goes on with `{ partialArgs, willContinue: true }` and ends with `{}`, which Google
 * may leave out: then a piece without `willContinue`, the next call, text or the end of the stream ends it. Paths come
 * in any order, so the arguments go on as one piece at the end.
 */
export class FunctionCalls {
  readonly #parts: Parts
  readonly #newId: (index: number) => string
  readonly #open = new Map<number, OpenCall>()
  #count = 0

  constructor(parts: Parts, newId: (index: number) => string) {
    this.#parts = parts
    this.#newId = newId
  }

  add(choice: number, call: JsonObject, signature: string | undefined): void {
    const name = asString(call['name']) ?? ''
    if (name !== '') this.#start(choice, { name, id: asString(call['id']), signature })
    const open = this.#open.get(choice)
    if (open === undefined) return
    if (signature !== undefined) this.#parts.toolSign(choice, open.key, signature)
    const partials = asArray(call['partialArgs']) ?? []
    for (const partial of partials) open.arguments.add(partial)
    open.arguments.merge(asObject(call['args']) ?? {})
    if (!goesOn(call) && !partials.some(goesOn)) this.end(choice)
  }

  end(choice: number): void {
    const open = this.#open.get(choice)
    if (open === undefined) return
    this.#open.delete(choice)
    this.#parts.toolDelta(choice, open.key, open.arguments.toJson())
    this.#parts.toolEnd(choice, open.key)
  }

  #start(
    choice: number,
    { name, id, signature }: { name: string; id: string | undefined; signature: string | undefined },
  ): void {
    this.end(choice)
    const key = this.#count++
    const known = id === undefined || id === '' ? this.#newId(key) : id
    this.#parts.toolStart(choice, key, { id: known, name, signature })
    this.#open.set(choice, { key, arguments: new PartialArguments() })
  }
}

function goesOn(value: Json): boolean {
  return asObject(value)?.['willContinue'] === true
}
