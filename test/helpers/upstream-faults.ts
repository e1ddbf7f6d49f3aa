import { constants, createGzip } from 'node:zlib'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../../gateway/chat/json.ts'
import type { Answer, StreamPiece } from './upstream-answer.ts'
import { errorBody, type ErrorWords } from './upstream-errors.ts'
import type { Exchange, Play } from './upstream-exchange.ts'
import { isChat, sendJson, startStream, streamOf, toSse, wholeOf } from './upstream-render.ts'

const hello: Answer = { text: 'Hello from the other side of a fault.' }

/** An error answer with a status, in the dialect's own words unless `body` is given. */
export function status(
  code: number,
  { body, headers = {}, ...words }: ErrorWords & { body?: JsonObject; headers?: Record<string, string> } = {},
): Play {
  return (exchange) => sendJson(exchange, body ?? errorBody(exchange.route, code, words), code, headers)
}

/** Any bytes as they are. */
export function raw(body: string, { code = 200, contentType = 'text/event-stream' } = {}): Play {
  return ({ response }) => void response.writeHead(code, { 'content-type': contentType }).end(body)
}

export function hangBeforeHeaders(): Play {
  return untilGone
}

/** Stream: `afterPieces` events, then silence. Whole: headers and half of the body, then silence. */
export function hangMidStream(afterPieces: number, what = hello): Play {
  return async (exchange) => {
    writeBeginning(exchange, what, afterPieces)
    await untilGone(exchange)
  }
}

export function resetBeforeHeaders(): Play {
  return (exchange) => exchange.sever('reset')
}

export function resetMidStream(afterPieces: number, what = hello): Play {
  return async (exchange) => {
    writeBeginning(exchange, what, afterPieces)
    await delivery()
    exchange.sever('reset')
  }
}

/** The chunked body ends without its terminator: in the middle of an event, or of the JSON. */
export function truncatedChunk(afterPieces = 3, what = hello): Play {
  return async (exchange) => {
    const next = exchange.route.stream ? pieceText(streamOf(what, exchange)[afterPieces]) : ''
    const cut = next.slice(0, Math.ceil(next.length / 2))
    writeBeginning(exchange, what, afterPieces)
    if (cut !== '') exchange.response.write(cut)
    await delivery()
    exchange.sever('end')
  }
}

/** The body ends in good order for HTTP, but the answer is not complete: no finish, no last event. */
export function endsEarly(afterPieces: number, what = hello): Play {
  return (exchange) => {
    writeBeginning(exchange, what, afterPieces)
    exchange.response.end()
  }
}

/** Stream: one event in the middle (or the first) is no JSON. Whole: the body is none. */
export function malformedJson(at = 3, what = hello): Play {
  return (exchange) => {
    if (!exchange.route.stream) return raw('{"id": "oops", ', { contentType: 'application/json' })(exchange)
    const pieces = streamOf(what, exchange)
    const broken = { ...pieces[at], data: '{"id": "oops", ', content: false }
    return sendInTwo(exchange, pieces.slice(0, at), [broken, ...pieces.slice(at)])
  }
}

/** An error (worded `like` that status) where the status says 200. Stream: as event number `at`, its last. */
export function errorInside200({
  at = 0,
  like = 503,
  what = hello,
  ...words
}: ErrorWords & { at?: number; like?: number; what?: Answer } = {}): Play {
  return (exchange) => {
    const error = errorBody(exchange.route, like, words)
    if (!exchange.route.stream) return sendJson(exchange, error)
    const name = exchange.route.dialect === 'anthropic' ? { name: 'error' } : {}
    const before = streamOf(what, exchange).slice(0, at)
    return sendInTwo(exchange, before, [{ ...name, data: JSON.stringify(error), content: false }])
  }
}

/** Everything in portions of a few bytes, so also cut within events and characters; 0 ms = as fast as it goes. */
export function slowDrip({ bytes, everyMs }: { bytes: number; everyMs: number }, what = hello): Play {
  return async (exchange) => {
    const body = bodyOf(exchange, what)
    startBody(exchange)
    for (let start = 0; start < body.length && !exchange.signal.aborted; start += bytes) {
      exchange.response.write(body.subarray(start, start + bytes))
      await (everyMs === 0 ? nextTurn() : wait(everyMs))
    }
    exchange.response.end()
  }
}

/** Compressed, whether the client accepts that or not; a stream is flushed event by event. */
export function gzip(what = hello): Play {
  return (exchange) => {
    startBody(exchange, { 'content-encoding': 'gzip' })
    const zip = createGzip({ flush: constants.Z_SYNC_FLUSH })
    zip.pipe(exchange.response)
    const pieces = exchange.route.stream ? streamOf(what, exchange).map(toSse) : [bodyOf(exchange, what)]
    for (const piece of pieces) zip.write(piece)
    zip.end()
  }
}

/** Every event that carries no words comes twice: openings, finish, usage, the last event. */
export function duplicateEvents(what = hello): Play {
  return (exchange) => {
    if (!exchange.route.stream) return sendJson(exchange, wholeOf(what, exchange))
    return sendPieces(
      exchange,
      streamOf(what, exchange).flatMap((piece) => (piece.content ? [piece] : [piece, piece])),
    )
  }
}

const usageOnly: Record<string, StreamPiece> = {
  'openai-chat': {
    data: '{"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}',
    content: false,
  },
  anthropic: {
    name: 'message_delta',
    data: '{"type":"message_delta","delta":{},"usage":{"output_tokens":2}}',
    content: false,
  },
  gemini: { data: '{"usageMetadata":{"promptTokenCount":10,"totalTokenCount":10},"modelVersion":"m"}', content: false },
}

/** An event with nothing but usage in the middle of the words, besides the usual usage at the end. */
export function usageOnlyChunk(what = hello): Play {
  return (exchange) => {
    const extra = usageOnly[exchange.route.dialect]
    if (!exchange.route.stream || extra === undefined) return sendJson(exchange, wholeOf(what, exchange))
    const pieces = streamOf(what, exchange)
    return sendPieces(exchange, [...pieces.slice(0, 4), extra, ...pieces.slice(4)])
  }
}

/** 200, and then nothing at all. */
export function emptyStream(): Play {
  return (exchange) => {
    startBody(exchange)
    exchange.response.end()
  }
}

/** The right bytes under the wrong name. */
export function wrongContentType(contentType = 'text/plain', what = hello): Play {
  return (exchange) => {
    exchange.response.writeHead(200, { 'content-type': contentType }).end(bodyOf(exchange, what))
  }
}

/** Answers well and leaves the connection open, then closes it under the next request (the classic keep-alive race). */
export function keepAliveClosedOnReuse(what = hello): Play {
  return (exchange) => {
    exchange.dropOnReuse()
    startBody(exchange)
    exchange.response.end(bodyOf(exchange, what))
  }
}

/** Sends the beginning, waits for `until`, sends the rest. */
export function pausedStream(until: Promise<unknown>, afterPieces = 3, what = hello): Play {
  return async (exchange) => {
    const begun = writeBeginning(exchange, what, afterPieces)
    const gone = untilGone(exchange)
    await Promise.race([until, gone])
    if (!exchange.signal.aborted) exchange.response.end(bodyOf(exchange, what).subarray(begun))
  }
}

/** Writes headers and the first events (or half of a whole body); says how many bytes of the body that was. */
function writeBeginning(exchange: Exchange, what: Answer, afterPieces: number): number {
  const body = bodyOf(exchange, what)
  const length = exchange.route.stream
    ? Buffer.byteLength(streamOf(what, exchange).slice(0, afterPieces).map(toSse).join(''))
    : Math.floor(body.length / 2)
  startBody(exchange)
  exchange.response.flushHeaders()
  if (length > 0) exchange.response.write(body.subarray(0, length))
  return length
}

/** What was written gets a moment to arrive: a reset throws away what the peer has not read yet. */
function delivery(): Promise<void> {
  return wait(20)
}

function bodyOf(exchange: Exchange, what: Answer): Buffer {
  if (!isChat(exchange) || !exchange.route.stream) return Buffer.from(JSON.stringify(wholeOf(what, exchange)))
  return Buffer.from(streamOf(what, exchange).map(toSse).join(''))
}

function startBody(exchange: Exchange, headers: Record<string, string> = {}): void {
  if (exchange.route.stream) startStream(exchange, headers)
  else exchange.response.writeHead(200, { 'content-type': 'application/json', ...headers })
}

function sendPieces(exchange: Exchange, pieces: StreamPiece[]): void {
  startStream(exchange)
  exchange.response.end(pieces.map(toSse).join(''))
}

/** The second part comes in a read of its own, when the first may have gone on to the client. */
async function sendInTwo(exchange: Exchange, first: StreamPiece[], second: StreamPiece[]): Promise<void> {
  startStream(exchange)
  if (first.length > 0) {
    exchange.response.write(first.map(toSse).join(''))
    await delivery()
  }
  exchange.response.end(second.map(toSse).join(''))
}

function pieceText(piece: StreamPiece | undefined): string {
  return piece === undefined ? '' : toSse(piece)
}

function untilGone({ signal }: Exchange): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
