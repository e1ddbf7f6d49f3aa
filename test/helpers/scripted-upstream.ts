import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { asObject, asString, type JsonObject, parseJson } from '../../gateway/chat/json.ts'
import type { ScriptedAct, SeenRequest } from './scripted-answer.ts'
import {
  type AnswerAbout,
  type ScriptedDialect,
  type ScriptedDialectId,
  scriptedDialects,
  type ScriptedRequest,
} from './scripted-dialect.ts'
import { scriptedTable } from './scripted-dialects.ts'
import { Issued } from './scripted-issued.ts'
import { Refusal } from './scripted-refusal.ts'

export interface SeenExchange extends ScriptedRequest {
  dialect: ScriptedDialectId
  /** undefined: refused. */
  seen: SeenRequest | undefined
  /** Why it was refused. */
  refusal: string | undefined
  /** Resolves when the answer is over: true when the client hung up before that. */
  aborted: Promise<boolean>
}

/** A vendor on a loopback port that speaks the four dialects, takes nothing its dialect forbids, and plays a script. */
export interface ScriptedUpstream {
  /** `http://127.0.0.1:PORT`, without a path. */
  url: string
  requests: SeenExchange[]
  /** What to do with the next requests, first come first served. */
  script(...acts: ScriptedAct[]): void
  /** The request with that number (from 0), as soon as it has arrived. */
  received(index: number): Promise<SeenExchange>
  /** Forgets requests, acts and what was issued. */
  reset(): void
  close(): Promise<void>
}

/** `models`: what its lists of models name. */
export async function startScriptedUpstream(models: string[]): Promise<ScriptedUpstream> {
  const stage = new Stage(models)
  const server = createServer(stage.perform)
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: stage.requests,
    script: stage.script,
    received: stage.received,
    reset: stage.reset,
    close: () => close(server),
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}

/** What every text comes to. */
const countedTokens = 42

class Stage {
  readonly requests: SeenExchange[] = []
  readonly #models: string[]
  readonly #issued = new Issued()
  #acts: ScriptedAct[] = []
  #waiting: (() => void)[] = []

  constructor(models: string[]) {
    this.#models = models
  }

  readonly script = (...acts: ScriptedAct[]): void => {
    this.#acts.push(...acts)
  }

  readonly received = async (index: number): Promise<SeenExchange> => {
    for (;;) {
      const request = this.requests[index]
      if (request !== undefined) return request
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  readonly reset = (): void => {
    this.requests.length = 0
    this.#acts = []
    this.#issued.clear()
  }

  readonly perform = (incoming: IncomingMessage, response: ServerResponse): void => {
    this.#perform(incoming, response).catch((error: unknown) => response.destroy(error as Error))
  }

  async #perform(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url: path = '/', headers } = incoming
    const body = asObject(parseJson(await readText(incoming))) ?? {}
    if (method === 'GET') return sendJson(response, 200, modelsList(this.#models, path, headers))
    if (path.endsWith('/count_tokens')) return sendJson(response, 200, { input_tokens: countedTokens })
    if (path.endsWith(':countTokens')) return sendJson(response, 200, { totalTokens: countedTokens })
    const id = scriptedDialects.find((dialect) => scriptedTable[dialect].path.test(path))
    if (id === undefined) return sendJson(response, 404, { error: { message: `no such path: ${path}` } })
    this.#answer({ path, headers, body }, id, response)
  }

  #answer(request: ScriptedRequest, id: ScriptedDialectId, response: ServerResponse): void {
    const dialect = scriptedTable[id]
    const aborted = new Promise<boolean>((resolve) => {
      response.once('close', () => resolve(!response.writableFinished))
    })
    const checked = check(dialect, request, this.#issued)
    this.requests.push({ ...request, dialect: id, ...checked, aborted })
    for (const wake of this.#waiting.splice(0)) wake()
    const act = this.#acts.shift()
    if (checked.seen === undefined) return sendJson(response, 400, dialect.error(400, checked.refusal ?? ''))
    if (act === undefined) return sendJson(response, 400, dialect.error(400, 'The script is at its end.'))
    const about = { model: modelOf(request), request: request.body, issued: this.#issued }
    play(act, { dialect, about, stream: checked.seen.stream, response })
  }
}

function check(
  dialect: ScriptedDialect,
  request: ScriptedRequest,
  issued: Issued,
): Pick<SeenExchange, 'seen' | 'refusal'> {
  try {
    return { seen: dialect.read(request, issued), refusal: undefined }
  } catch (error) {
    if (error instanceof Refusal) return { seen: undefined, refusal: error.message }
    throw error
  }
}

interface Scene {
  dialect: ScriptedDialect
  about: AnswerAbout
  stream: boolean
  response: ServerResponse
}

function play(act: ScriptedAct, { dialect, about, stream, response }: Scene): void {
  if (act.kind === 'error') {
    const retry = act.retryAfterSeconds
    const headers =
      retry === undefined || dialect.retryHeader === undefined ? {} : { [dialect.retryHeader]: String(retry) }
    return sendJson(response, act.status, dialect.error(act.status, act.message, retry), headers)
  }
  if (act.kind === 'answer' && !stream) return sendJson(response, 200, dialect.whole(act.answer, about))
  if (act.kind === 'hangs' && (!stream || act.answer === undefined)) return
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_scripted' })
  const events = act.answer === undefined ? [] : dialect.stream(act.answer, about)
  if (act.kind === 'answer') return void response.end(events.join(''))
  // Up to somewhere in the middle of the text: more than half has been said.
  response.write(events.slice(0, Math.ceil(events.length * 0.6)).join(''))
  if (act.kind === 'breaks') response.end(dialect.streamError(act.message))
}

function modelOf({ path, body }: ScriptedRequest): string {
  return /\/models\/([^:]+):/.exec(path)?.[1] ?? asString(body['model']) ?? ''
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_scripted', ...headers })
  response.end(JSON.stringify(body))
}

/** Anthropic's and OpenAI's lists share a path; Google's SDK asks under /v1 as well, told apart by its key. */
function modelsList(models: string[], path: string, headers: ScriptedRequest['headers']): JsonObject {
  if (path.startsWith('/v1beta/') || headers['x-goog-api-key'] !== undefined)
    return { models: models.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ['generateContent'] })) }
  if (headers['anthropic-version'] === undefined)
    return {
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', created: 1_750_000_000, owned_by: 'scripted' })),
    }
  const data = models.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' }))
  return { data, has_more: false, first_id: models[0], last_id: models.at(-1) }
}
