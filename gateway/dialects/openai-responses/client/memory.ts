import { asArray, asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { GatewayError } from '../../../errors.ts'
import type { KeptResponse } from '../../../stores/responses.ts'
import type { ClientMemory, Recollection } from '../../dialect.ts'
import { memberText, type Members } from '../../members.ts'
import { markRecalled } from './recalled.ts'

/** `previous_response_id`, `item_reference` and `store` (absent: kept). */
export const responsesMemory: ClientMemory = {
  refers: ({ spans, bytes }: Members) => spans.has('previous_response_id') || bytes.includes('"item_reference"'),
  isKept: (members) => memberText(members, 'store') !== 'false',
  recall,
  keep,
}

/**
 * The body with what it refers to in place. What is not known stays: the provider may know it. Instructions are not
 * carried over from the earlier response (openapi.json, `instructions`).
 */
function recall(body: JsonObject, { response, item }: Recollection): JsonObject | undefined {
  const id = asString(body['previous_response_id'])
  const earlier = id === undefined ? undefined : response(id)
  const own = itemsOf(body['input'])
  const find = withinLimit(item)
  const found = own.map((each) => referredTo(each, find))
  const input = own.map((each, index) => found[index] ?? each)
  if (id === undefined || earlier === undefined) {
    return found.some((each) => each !== undefined) ? { ...body, input } : undefined
  }
  const { previous_response_id: _, ...rest } = body
  const recalled = { ...rest, input: [...earlier.input, ...earlier.response.output, ...input] }
  markRecalled(recalled, id)
  return recalled
}

/** A request may name one long item a hundred thousand times. UTF-16 units. */
const longestReferences = 32 * 1024 * 1024

/** Finds each item once, and refuses what they all come to when it is too much. */
function withinLimit(find: Recollection['item']): Recollection['item'] {
  const known = new Map<string, { item: JsonObject | undefined; length: number }>()
  let length = 0
  return (id) => {
    const found = known.get(id) ?? measured(find(id))
    known.set(id, found)
    length += found.length
    if (length <= longestReferences) return found.item
    const text = `The items that "input" refers to come to more than ${longestReferences / 1024 / 1024} MB.`
    throw new GatewayError('body_too_large', text, { param: 'input' })
  }
}

function measured(item: JsonObject | undefined): { item: JsonObject | undefined; length: number } {
  return { item, length: item === undefined ? 0 : JSON.stringify(item).length }
}

function referredTo(item: Json, find: Recollection['item']): JsonObject | undefined {
  if (!isObject(item) || (item['type'] ?? 'item_reference') !== 'item_reference') return undefined
  const isBare = typeof item['id'] === 'string' && item['role'] === undefined
  return isBare ? find(item['id'] as string) : undefined
}

function keep(body: JsonObject, answer: JsonObject): KeptResponse | undefined {
  const id = asString(answer['id'])
  const output = asArray(answer['output'])
  if (id === undefined || output === undefined) return undefined
  return { input: itemsOf(body['input']), response: { ...answer, id, output } }
}

/** A string is one message. */
export function itemsOf(input: Json | undefined): Json[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }]
  return asArray(input) ?? []
}
