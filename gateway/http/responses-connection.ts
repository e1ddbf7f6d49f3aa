import type { IncomingHttpHeaders } from 'node:http'
import type { RawData, WebSocket } from 'ws'
import { asObject, parseJson, type JsonObject } from '../chat/json.ts'
import { itemsOf } from '../dialects/openai-responses/client/memory.ts'
import { openaiResponses } from '../dialects/openai-responses/index.ts'
import { GatewayError } from '../errors.ts'
import type { Call, Caller } from '../pipeline/call.ts'
import type { Responses } from '../stores/responses.ts'
import { reject, runCall, type LlmPorts } from './llm.ts'
import { openCall, tooDeep } from './open-call.ts'
import { clientGone } from './read-body.ts'
import { highWaterBytes, SocketSink } from './socket-sink.ts'

export interface ConnectionPorts extends Omit<LlmPorts, 'routes'> {
  responses: Responses
}

/** Who speaks: known since the connection was opened. */
export interface Peer {
  caller: Pick<Caller, 'name'>
  headers: IncomingHttpHeaders
}

/** Frames that wait for the running answer; clients send one when they have the answer to the last. */
const longestQueue = 16
/** How long a client may take to confirm that the connection is closed. */
const closeGraceMs = 1000

/**
 * One WebSocket of a Responses client: `response.create` frames are calls like any other, one after the other. What is
 * not to be stored is still known as `previous_response_id` as long as the connection lasts: Codex counts on it.
 */
export class ResponsesConnection {
  readonly #socket: WebSocket
  readonly #peer: Peer
  readonly #ports: ConnectionPorts
  /** Where this connection's own responses are kept. */
  readonly #scope: string
  readonly #queue: string[] = []
  /** Bytes of what waits. */
  #queued = 0
  #running: AbortController | undefined
  #closing = false

  constructor(socket: WebSocket, peer: Peer, ports: ConnectionPorts) {
    this.#socket = socket
    this.#peer = { ...peer, headers: ownHeaders(peer.headers) }
    this.#ports = ports
    this.#scope = `connection/${ports.newId()}`
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('ping', (data) => this.#pong(data))
    socket.on('close', () => this.#ended())
    // What is wrong with the connection ends it: `close` follows.
    socket.on('error', () => undefined)
  }

  /** Ends when the running answer is told. */
  drain(): void {
    this.#closing = true
    if (this.#running === undefined) this.#close()
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closing) return
    if (isBinary) return this.#refuse(new GatewayError('invalid_request', 'Send text frames: one JSON object each.'))
    // oxlint-disable-next-line typescript/no-base-to-string -- a Buffer: `binaryType` is as it was
    const frame = data.toString()
    const isFull = this.#queue.length >= longestQueue || this.#queued + frame.length > this.#ports.settings().bodyLimit
    if (this.#running !== undefined && isFull) {
      const text = 'Too many frames wait for the running response: send the next one when it is complete.'
      return this.#refuse(new GatewayError('rate_limit_exceeded', text))
    }
    this.#queue.push(frame)
    this.#queued += frame.length
    if (this.#running === undefined) void this.#serveAll()
  }

  async #serveAll(): Promise<void> {
    for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
      this.#queued -= frame.length
      this.#running = new AbortController()
      await this.#serve(frame, this.#running)
      if (this.#closing) break
    }
    this.#running = undefined
    if (this.#closing) this.#close()
  }

  /** Never rejects. */
  async #serve(frame: string, controller: AbortController): Promise<void> {
    const sink = new SocketSink(this.#socket, this.#ports.settings().writeTimeoutMs)
    const base = { id: this.#ports.newId(), dialect: openaiResponses, sink }
    try {
      const { body, generate } = this.#readFrame(frame)
      const call = this.#open({ ...base, body, signal: controller.signal })
      if (generate) await runCall(this.#ports.prepare(call), controller, this.#ports)
      else answerWithNothing(call, sink)
      this.#remember(body, sink, generate)
    } catch (error) {
      reject(base, error)
    }
    // The next frame waits until this one's answer is read.
    await new Promise<void>((resolve) => sink.onDrain(resolve))
  }

  #readFrame(frame: string): { body: JsonObject; generate: boolean } {
    const value = asObject(parseJson(frame))
    if (value === undefined) throw new GatewayError('invalid_json', 'The frame is not a JSON object.')
    const { type, generate, ...members } = value
    const asked = { ...members, stream: true }
    if (type !== 'response.create') {
      const text = `This gateway takes frames of type "response.create", not ${JSON.stringify(type ?? null).slice(0, 100)}.`
      throw new GatewayError('unsupported_operation', text, { param: 'type' })
    }
    const { responses } = this.#ports
    const scopes = [this.#scope, this.#peer.caller.name]
    const recalled = openaiResponses.client?.memory?.recall(asked, {
      response: (id) => firstOf(scopes, (scope) => responses.find(scope, id)),
      item: (id) => firstOf(scopes, (scope) => responses.findItem(scope, id)),
    })
    return { body: recalled ?? asked, generate: generate !== false }
  }

  #open({ body, ...base }: Pick<Call, 'id' | 'dialect' | 'sink' | 'signal'> & { body: JsonObject }): Call {
    const call = openCall({
      ...base,
      body: bytesOf(body),
      headers: this.#peer.headers,
      startedAt: this.#ports.now(),
      startedMs: this.#ports.nowMs(),
    })
    return { ...call, json: () => body }
  }

  /** What is stored is known by whoever stores it; all else only here. */
  #remember(body: JsonObject, { response }: SocketSink, generate: boolean): void {
    if (response === undefined || (generate && body['store'] !== false)) return
    const kept = openaiResponses.client?.memory?.keep({ ...body, input: itemsOf(body['input']) }, response)
    if (kept !== undefined && this.#socket.readyState === this.#socket.OPEN) {
      this.#ports.responses.keep(this.#scope, kept)
    }
  }

  /** Who sends without reading must not fill the memory with what is to be sent back. */
  get #isClogged(): boolean {
    return this.#socket.bufferedAmount > 2 * highWaterBytes
  }

  #pong(data: Buffer): void {
    if (!this.#isClogged) this.#socket.pong(data)
  }

  #refuse(error: GatewayError): void {
    if (this.#isClogged) return this.#socket.terminate()
    const sink = new SocketSink(this.#socket, this.#ports.settings().writeTimeoutMs)
    reject({ id: this.#ports.newId(), dialect: openaiResponses, sink }, error)
  }

  #close(): void {
    this.#socket.close(1001, 'The gateway is shutting down.')
    setTimeout(() => this.#socket.terminate(), closeGraceMs).unref()
  }

  #ended(): void {
    this.#closing = true
    this.#running?.abort(clientGone())
    this.#ports.responses.forget(this.#scope)
  }
}

function bytesOf(body: JsonObject): Buffer {
  try {
    return Buffer.from(JSON.stringify(body))
  } catch {
    // What was parsed can fail here only by running out of stack.
    throw tooDeep()
  }
}

/** `generate: false` only makes input known: there is nobody to ask. */
function answerWithNothing(call: Call, sink: SocketSink): void {
  const encoder = openaiResponses.client?.chat?.encodeStream({
    id: `resp_${call.id}`,
    model: call.model,
    created: Math.floor(call.startedAt / 1000),
    provider: '',
    includeUsage: true,
    body: call.json(),
  })
  if (encoder === undefined) return
  sink.head({ status: 200, headers: { 'content-type': 'text/event-stream' } })
  const text = encoder.encode({ type: 'usage', usage: { input: 0, output: 0 } }) + encoder.end()
  sink.end(Buffer.from(text))
}

function firstOf<T>(scopes: readonly string[], find: (scope: string) => T | undefined): T | undefined {
  for (const scope of scopes) {
    const found = find(scope)
    if (found !== undefined) return found
  }
  return undefined
}

/** Of the request that opened the connection, what is about its calls. */
function ownHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const own: IncomingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'connection' || name === 'upgrade' || name.startsWith('sec-websocket-')) continue
    own[name] = value
  }
  // Providers are asked over HTTP, where this beta means nothing.
  const betas = String(own['openai-beta'] ?? '').split(',')
  const others = betas.filter((beta) => beta.trim() !== '' && !beta.trim().startsWith('responses_websockets'))
  if (others.length > 0) own['openai-beta'] = others.join(',')
  else delete own['openai-beta']
  return own
}
