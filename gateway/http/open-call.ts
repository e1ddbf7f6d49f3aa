import type { IncomingHttpHeaders } from 'node:http'
import { given } from '../chat/given.ts'
import { isObject, type JsonObject } from '../chat/json.ts'
import type { Asked, Dialect } from '../dialects/dialect.ts'
import { deepestNesting, memberValue, scanMembers, type Members } from '../dialects/members.ts'
import { GatewayError } from '../errors.ts'
import type { Call } from '../pipeline/call.ts'
import { readOptions } from '../pipeline/options.ts'
import type { Sink } from '../pipeline/sink.ts'
import type { RequestLine } from '../telemetry/call-trace.ts'
import { handedOn, pickHeaders, readToken } from './request-headers.ts'

export interface CallInput {
  id: string
  dialect: Dialect
  headers: IncomingHttpHeaders
  requestLine?: RequestLine
  body: Buffer
  sink: Sink
  signal: AbortSignal
  startedAt: number
  startedMs: number
  /** What the URL says, in dialects where the body does not. */
  asked?: Asked | undefined
  /** The key in the URL. */
  key?: string | undefined
}

/** Request -> call. Throws GatewayError for what no provider could make sense of. */
export function openCall(input: CallInput): Call {
  const { id, dialect, headers, requestLine, body, sink, signal, startedAt, startedMs, asked, key } = input
  const members = scanMembers(body) ?? rescan(body)
  const model = asked === undefined ? memberValue(members, 'model') : asked.model
  if (typeof model !== 'string' || model === '' || model.length > longestName) throw wrongModel(model)
  const stream = asked === undefined ? readStream(members) : asked.stream
  let parsed: JsonObject | undefined
  return {
    id,
    dialect,
    members,
    model,
    stream,
    includeUsage: dialect.usageOnRequest !== true || (stream && asksForUsage(members)),
    options: readOptions(memberValue(members, 'x-gateway'), headers),
    token: readToken(headers, given({ key })),
    headers: pickHeaders(headers, handedOn),
    dialectHeaders: pickHeaders(headers, dialect.client?.handsOn ?? []),
    requestHeaders: headers,
    ...(requestLine !== undefined && { requestLine }),
    sink,
    signal,
    startedAt,
    startedMs,
    json: () => (parsed ??= parseBody(body)),
  }
}

/** Not what the scan takes (malformed, or a member named twice): the parser says what is wrong, or which one wins. */
function rescan(body: Buffer): Members {
  const members = scanMembers(Buffer.from(writeAgain(parseBody(body))))
  if (members === undefined) throw tooDeep()
  return members
}

function writeAgain(body: JsonObject): string {
  try {
    return JSON.stringify(body)
  } catch {
    // Nothing that was parsed can fail here but by running out of stack.
    throw tooDeep()
  }
}

export function tooDeep(): GatewayError {
  return new GatewayError('invalid_json', `The request body is nested more than ${deepestNesting} levels deep.`)
}

function parseBody(body: Buffer): JsonObject {
  if (body.length === 0) throw new GatewayError('invalid_json', 'The request has no body; send a JSON object.')
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : 'malformed'
    throw new GatewayError('invalid_json', `The request body is not valid JSON: ${withoutExcerpt(why)}.`)
  }
  if (!isObject(value)) throw new GatewayError('invalid_json', 'The request body is not a JSON object.')
  return value
}

/** V8 quotes the text around the mistake, and that text may be anything. */
function withoutExcerpt(message: string): string {
  return message
    .replace(/,? ?"(?:.|\n)*" is not valid JSON$/, '')
    .replace(/(\.\.\.)?"(?:.|\n)*$/, '')
    .trim()
}

function readStream(members: Members): boolean {
  const stream = memberValue(members, 'stream')
  if (stream === undefined || stream === null) return false
  if (typeof stream === 'boolean') return stream
  throw new GatewayError('invalid_request', '"stream" must be true or false.', { param: 'stream' })
}

function asksForUsage(members: Members): boolean {
  const options = memberValue(members, 'stream_options')
  return isObject(options) && options['include_usage'] === true
}

/** Names are remembered, and unknown ones compared with the known: neither is meant for a text of megabytes. */
const longestName = 1000

function wrongModel(model: unknown): GatewayError {
  const must = `"model" must be a string of 1 to ${longestName} characters.`
  const text = model === undefined ? 'The request names no model: add "model".' : must
  return new GatewayError('invalid_request', text, { param: 'model' })
}
