import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { asObject, parseJson } from '../../gateway/chat/json.ts'
import { text } from './upstream-plays.ts'
import type { Exchange, Play, RecordedRequest } from './upstream-exchange.ts'
import { routeOf } from './upstream-route.ts'

/** A fake provider on a loopback port that speaks every dialect and plays what it is told, faults included. */
export interface Upstream {
  /** `http://127.0.0.1:PORT`, without a path. */
  url: string
  requests: RecordedRequest[]
  /** Plays for the next requests, first come first served; before anything given to `on`. */
  script(...plays: Play[]): void
  /** What to do with every request whose path (with query) matches; the latest match wins. */
  on(path: string | RegExp, play: Play): void
  /** The request with that number (from 0), as soon as it has arrived. */
  received(index: number): Promise<RecordedRequest>
  /** Requests whose connection was dropped unanswered (`keepAliveClosedOnReuse`). */
  dropped(): number
  /** Forgets requests and plays. */
  reset(): void
  close(): Promise<void>
}

export async function startUpstream(): Promise<Upstream> {
  const stage = new Stage()
  const server = createServer(stage.perform)
  // A fake must not end a connection on its own clock: only plays do.
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: stage.requests,
    script: stage.script,
    on: stage.on,
    received: stage.received,
    dropped: () => stage.dropped,
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

class Stage {
  readonly requests: RecordedRequest[] = []
  dropped = 0
  #queue: Play[] = []
  #standing: { path: string | RegExp; play: Play }[] = []
  #waiting: { index: number; resolve: (request: RecordedRequest) => void }[] = []
  readonly #doomed = new WeakSet<Socket>()

  readonly script = (...plays: Play[]): void => {
    this.#queue.push(...plays)
  }

  readonly on = (path: string | RegExp, play: Play): void => {
    this.#standing.unshift({ path, play })
  }

  readonly received = (index: number): Promise<RecordedRequest> => {
    const request = this.requests[index]
    if (request !== undefined) return Promise.resolve(request)
    return new Promise((resolve) => this.#waiting.push({ index, resolve }))
  }

  readonly reset = (): void => {
    this.requests.length = 0
    this.dropped = 0
    this.#queue = []
    this.#standing = []
    this.#waiting = []
  }

  readonly perform = (incoming: IncomingMessage, response: ServerResponse): void => {
    if (this.#doomed.has(incoming.socket)) {
      this.dropped += 1
      incoming.socket.destroy()
      return
    }
    this.#play(incoming, response).catch((error: unknown) => response.destroy(error as Error))
  }

  async #play(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await readText(incoming)
    const exchange = this.#exchange(incoming, response, sent)
    this.requests.push(exchange.request)
    const play = this.#next(exchange.request.path)
    this.#announce()
    await play(exchange)
  }

  #next(path: string): Play {
    const standing = this.#standing.find((entry) =>
      typeof entry.path === 'string' ? path.includes(entry.path) : entry.path.test(path),
    )
    return this.#queue.shift() ?? standing?.play ?? text('Hello!')
  }

  #announce(): void {
    this.#waiting = this.#waiting.filter(({ index, resolve }) => {
      const request = this.requests[index]
      if (request !== undefined) resolve(request)
      return request === undefined
    })
  }

  #exchange(incoming: IncomingMessage, response: ServerResponse, sent: string): Exchange {
    const { method = 'GET', url: path = '/', headers, socket } = incoming
    const body = asObject(parseJson(sent)) ?? {}
    const gone = new AbortController()
    let severed = false
    const aborted = new Promise<boolean>((resolve) => {
      response.once('close', () => {
        resolve(!response.writableFinished && !severed)
        gone.abort()
      })
    })
    return {
      request: { method, path, headers, body, text: sent, aborted },
      route: routeOf(path, headers, body),
      response,
      signal: gone.signal,
      sever: (how) => {
        severed = true
        if (how === 'reset') socket.resetAndDestroy()
        else socket.end()
      },
      dropOnReuse: () => void this.#doomed.add(socket),
    }
  }
}
