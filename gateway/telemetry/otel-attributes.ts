import type { AttemptEnd, Attributes, CallEnd, CallStart, TracedTarget } from './call-trace.ts'
import { operationOf, ownNames, type GenAiAttributes } from './gen-ai-names.ts'

/** Longer texts that others chose are cut: they only help to find a call. */
const longestText = 256

export function callName({ requestLine, dialect }: CallStart): string {
  return requestLine === undefined ? dialect : `${requestLine.method} ${requestLine.route}`
}

/** Of the request as it came (semantic-conventions, http-spans.md, HTTP server). */
export function callStartAttributes({ requestLine, headers, callId, dialect }: CallStart): Attributes {
  const agent = headers['user-agent']
  return {
    ...(requestLine !== undefined && {
      'http.request.method': requestLine.method,
      'http.route': requestLine.route,
      'url.path': short(requestLine.path),
      'url.scheme': 'http',
      'user_agent.original': typeof agent === 'string' ? short(agent) : undefined,
    }),
    [ownNames.callId]: callId,
    [ownNames.dialect]: dialect,
  }
}

export function callEndAttributes(end: CallEnd, errorType: string): Attributes {
  return {
    'http.response.status_code': end.status,
    [errorType]: isServerError(end) ? errorCode(end.errorCode, end.status) : undefined,
    [ownNames.requestedModel]: short(end.requestedModel),
    [ownNames.alias]: end.alias,
    [ownNames.key]: end.key,
    [ownNames.feature]: end.feature === undefined ? undefined : short(end.feature),
    [ownNames.cache]: end.cache,
    [ownNames.attempts]: end.attempts,
    [ownNames.costUsd]: usdOf(end.costNanoUsd),
    [ownNames.savedUsd]: usdOf(end.savedNanoUsd),
  }
}

/** A 4xx is the client's mistake: the server's span is none (http-spans.md, Status). */
export function isServerError({ status, errorCode: code }: CallEnd): boolean {
  return status >= 500 || (status < 400 && code !== undefined)
}

export function attemptName({ dialect, model }: TracedTarget): string {
  return `${operationOf(dialect.id)} ${short(model)}`
}

/** Who is asked for what; samplers and every metric have these. */
export function targetAttributes(target: TracedTarget, names: GenAiAttributes): Record<string, string | number> {
  const { row } = target.provider
  const { address, port } = serverOf(target.endpoint)
  return {
    [names.operation]: operationOf(target.dialect.id),
    [names.provider]: row.genAiName ?? row.id,
    [names.requestModel]: short(target.model),
    ...(address !== undefined && { [names.serverAddress]: address, [names.serverPort]: port }),
  }
}

interface Server {
  address?: string
  port: number
}

const servers = new WeakMap<object, Server>()

/** Read once for each endpoint of a configuration. The built-in demo has no address. */
function serverOf(endpoint: TracedTarget['endpoint']): Server {
  let server = servers.get(endpoint)
  if (server === undefined) {
    const { protocol, hostname, port } = new URL(endpoint.origin)
    const usual = protocol === 'http:' ? 80 : 443
    server = hostname === '' ? { port: 0 } : { address: hostname, port: port === '' ? usual : Number(port) }
    servers.set(endpoint, server)
  }
  return server
}

export function attemptEndAttributes(end: AttemptEnd, names: GenAiAttributes): Attributes {
  const { tokens, response } = end
  return {
    ...end.request,
    // Said only where it is so, as the conventions want it.
    [names.stream]: end.stream ? true : undefined,
    [names.timeToFirstChunk]: firstChunkSeconds(end),
    [names.responseId]: response.id,
    [names.responseModel]: response.model,
    [names.finishReasons]: response.finishReasons,
    [names.inputTokens]: tokens.input,
    [names.outputTokens]: tokens.output,
    [names.cacheReadTokens]: tokens.cacheRead,
    [names.cacheWriteTokens]: tokens.cacheWrite,
    [names.reasoningTokens]: tokens.reasoning,
    [names.inputAudioTokens]: tokens.inputAudio,
    [names.outputAudioTokens]: tokens.outputAudio,
    [names.errorType]: attemptError(end),
    'http.response.status_code': end.status,
    [ownNames.provider]: end.target.provider.name,
    [ownNames.attempt]: end.number,
    [ownNames.final]: end.isFinal,
    [ownNames.estimated]: tokens.estimated ? true : undefined,
    [ownNames.costUsd]: usdOf(end.costNanoUsd),
    ...end.content,
  }
}

/** Seconds; only of streams. */
export function firstChunkSeconds({ stream, firstTokenMs }: AttemptEnd): number | undefined {
  return stream && firstTokenMs !== undefined ? firstTokenMs / 1000 : undefined
}

/** `error.type`; undefined = it went well. */
export function attemptError({ outcome, errorCode: code, status }: AttemptEnd): string | undefined {
  if (outcome === 'ok') return undefined
  if (outcome === 'aborted') return code ?? 'client_closed_request'
  return errorCode(code, status)
}

/** Codes are few; a text that a provider put in their place is not. */
function errorCode(code: string | undefined, status: number | undefined): string {
  if (code !== undefined && /^[\w.:-]{1,64}$/.test(code)) return code
  return status === undefined || status < 400 ? '_OTHER' : String(status)
}

function usdOf(nanoUsd: number | undefined): number | undefined {
  return nanoUsd === undefined ? undefined : nanoUsd / 1e9
}

function short(text: string): string {
  return text.length > longestText ? text.slice(0, longestText) : text
}
