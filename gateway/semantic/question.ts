import type { Json, JsonObject } from '../chat/json.ts'
import type { ChatRequest, Message } from '../chat/request.ts'

/** What of a request is compared by meaning. */
export interface Question {
  text: string
  /** The body with a mark in place of the text: all of it must be the same. */
  rest: JsonObject
}

/** A shorter one is mostly a greeting or an answer to a question before it. */
const shortest = 8
/** Of a longer one the vector says too little: what it asks for may be one word of it. */
const longest = 2000

/**
 * The last question of a request, where an answer to another one like it could do: plain text, nothing but text before
 * it, and none of the settings by which a client wants exactly this answer. `body` is the request on the wire.
 */
export function questionOf(request: ChatRequest, body: JsonObject): Question | undefined {
  if (isParticular(request) || !request.messages.every(isText)) return undefined
  const last = request.messages.at(-1)
  if (last?.role !== 'user' || last.parts.length !== 1) return undefined
  const [part] = last.parts
  if (part?.type !== 'text' || !isPlain(part.text)) return undefined
  const marked = markOnly(body, part.text)
  return marked === undefined ? undefined : { text: part.text, rest: marked }
}

/** Tools, several answers, a fixed seed, a shape that is checked: none of it is a plain question. */
function isParticular(request: ChatRequest): boolean {
  const { tools, hostedTools, toolChoice, output, seed, logprobs, count = 1, uncarried = [] } = request
  return (
    (tools ?? []).length > 0 ||
    (hostedTools ?? []).length > 0 ||
    (toolChoice !== undefined && toolChoice.type !== 'none' && toolChoice.type !== 'auto') ||
    (output !== undefined && output.type !== 'text') ||
    seed !== undefined ||
    logprobs !== undefined ||
    count !== 1 ||
    // What the gateway does not understand could be anything: a document to be answered from, a tool of tomorrow.
    uncarried.some((name) => !understood.has(name))
  )
}

/** Not carried from dialect to dialect, but known to be no content. They must be the same like all the rest. */
const understood = new Set([
  'metadata',
  'store',
  'logit_bias',
  'prompt_cache_retention',
  'safetySettings',
  'inference_geo',
])

function isText({ parts, role }: Message): boolean {
  return role !== 'tool' && parts.every(({ type }) => type === 'text' || type === 'reasoning' || type === 'refusal')
}

/** Code, tables and lists of data are not compared: one sign in them may be all the difference. */
const structured = /```|~~~|<\/?[a-z][^>]*>|[{};]\s*(\n|$)|^\s*[|>#-]|\n\s*\n.*\n\s*\n|\t|=>|::/im

function isPlain(text: string): boolean {
  const { length } = text.trim()
  return length >= shortest && length <= longest && !structured.test(text)
}

const mark = '\u0000question'

/** undefined where the text is not there exactly once: then it would not be clear what is left. */
function markOnly(body: JsonObject, text: string): JsonObject | undefined {
  let count = 0
  const visit = (value: Json | undefined): Json | undefined => {
    if (value === text) {
      count += 1
      return mark
    }
    if (Array.isArray(value)) return value.map((each) => visit(each) ?? null)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member)]))
  }
  const marked = visit(body) as JsonObject
  return count === 1 ? marked : undefined
}
