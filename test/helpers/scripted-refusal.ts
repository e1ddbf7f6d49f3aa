import { asArray, asString, isObject, type Json, type JsonObject } from '../../gateway/chat/json.ts'

/** The scripted upstream does not take the request: the vendor would answer 400 as well. */
export class Refusal extends Error {}

/** What the vendor would not take, in words for whoever mends the translation. */
export function refuse(message: string): never {
  throw new Refusal(`The scripted provider refuses: ${message}`)
}

export function onlyMembers(object: JsonObject, allowed: string, at: string): void {
  const known = new Set(allowed.split(' '))
  const unknown = Object.keys(object).find((member) => !known.has(member))
  if (unknown !== undefined) refuse(`${at} has an unknown member "${unknown}"`)
}

export function needObject(value: Json | undefined, at: string): JsonObject {
  return isObject(value) ? value : refuse(`${at} must be an object, not ${JSON.stringify(value)}`)
}

export function needArray(value: Json | undefined, at: string): Json[] {
  return asArray(value) ?? refuse(`${at} must be an array, not ${JSON.stringify(value)}`)
}

/** Not empty. */
export function needString(value: Json | undefined, at: string): string {
  const text = asString(value)
  return text === undefined || text === '' ? refuse(`${at} must be a text, not ${JSON.stringify(value)}`) : text
}

/** null = absent. */
export function maybeArray(value: Json | undefined, at: string): Json[] {
  return value === undefined || value === null ? [] : needArray(value, at)
}

export function maybeObject(value: Json | undefined, at: string): JsonObject | undefined {
  return value === undefined || value === null ? undefined : needObject(value, at)
}

export function oneOf<T extends string>(value: Json | undefined, words: readonly T[], at: string): T {
  return (
    words.find((word) => word === value) ??
    refuse(`${at} must be one of ${words.join(', ')}, not ${JSON.stringify(value)}`)
  )
}

/** JSON text of an object, as models write arguments. */
export function needJson(value: Json | undefined, at: string): JsonObject {
  const text = needString(value, at)
  try {
    return needObject(JSON.parse(text) as Json, at)
  } catch {
    return refuse(`${at} is no JSON object: ${text}`)
  }
}

export function needFunctionName(value: Json | undefined, at: string): string {
  const name = needString(value, at)
  return /^[a-zA-Z0-9_-]{1,64}$/.test(name) ? name : refuse(`${at} is no name of a function: ${name}`)
}

/** The schema of a tool's arguments or of an output: an object with properties. */
export function needSchema(value: Json | undefined, at: string): JsonObject {
  const schema = needObject(value, at)
  if (asString(schema['type'])?.toLowerCase() !== 'object') refuse(`${at}.type must be "object"`)
  return schema
}

/** First bytes of what may be sent. */
const magics = { 'image/png': '\u0089PNG', 'application/pdf': '%PDF' } as const
export type MediaType = keyof typeof magics

/** `data:image/png;base64,...` -> base64 of bytes of that type. */
export function needDataUrl(value: Json | undefined, type: MediaType, at: string): string {
  const [head, data] = needString(value, at).split(',')
  if (head !== `data:${type};base64`) refuse(`${at} is no data URL of ${type}`)
  return needBytes(data, type, at)
}

export function needBytes(value: Json | undefined, type: MediaType, at: string): string {
  const data = needString(value, at)
  const begins = Buffer.from(data, 'base64').subarray(0, 4).toString('latin1') === magics[type]
  return begins ? data : refuse(`${at} is no ${type} in base64`)
}

/** `auto` where nothing is said. */
export function choiceOf(value: Json | undefined, words: Record<string, string>, at: string): string {
  if (value === undefined || value === null) return 'auto'
  const word = needString(value, at)
  return words[word] ?? refuse(`${at} must be one of ${Object.keys(words).join(', ')}, not ${word}`)
}
