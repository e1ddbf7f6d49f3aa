import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { WebSocketServer } from 'ws'
import { GatewayError } from '../errors.ts'
import { shuttingDown } from './drain.ts'
import { encodeGatewayError } from './encode-gateway-error.ts'
import type { OriginGuard } from './origin-guard.ts'
import { readToken } from './request-headers.ts'
import { ResponsesConnection, type ConnectionPorts, type Peer } from './responses-connection.ts'

export interface ResponsesSocketPorts extends ConnectionPorts {
  /** Where Responses are spoken; POST is there already. */
  paths: readonly string[]
  guard: OriginGuard
  isDraining: () => boolean
}

/** Node 24.9: decides which requests to upgrade become an `upgrade` event; all others are served as if they did not ask. */
type Upgrading = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean }

/**
 * Responses over a WebSocket (Codex, Copilot CLI, `ResponsesWS` of OpenAI's SDK). A GET that is none is answered 426, at
 * which Codex falls back to HTTP at once; a 404 would cost it seven tries (seen of Codex 0.169).
 */
export function registerResponsesSocket(app: FastifyInstance, ports: ResponsesSocketPorts): void {
  for (const path of ports.paths) app.get(path, () => refusePlain(path))
  const server = app.server as Upgrading
  // A listener for all would take from Java's HTTP client its requests, which ask to be upgraded to HTTP/2.
  if (server.shouldUpgradeCallback === undefined) return
  const door = new Door(ports)
  server.shouldUpgradeCallback = (request) => door.isFor(request)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    server.emit('upgraded', socket)
    void door.open(request, socket, head)
  })
  app.addHook('preClose', async () => door.drain())
}

function refusePlain(path: string): never {
  const text = `${path} takes POST, and GET only to open a WebSocket (Connection: Upgrade, Upgrade: websocket).`
  throw new GatewayError('upgrade_required', text, {
    headers: { upgrade: 'websocket', connection: 'Upgrade', 'x-should-retry': 'false' },
  })
}

/** Lets WebSockets in, and knows those that are open. */
class Door {
  readonly #ports: ResponsesSocketPorts
  readonly #connections = new Set<ResponsesConnection>()
  #accepting: Promise<WebSocketServer> | undefined

  constructor(ports: ResponsesSocketPorts) {
    this.#ports = ports
  }

  isFor({ method, url, headers }: IncomingMessage): boolean {
    const path = url?.split('?', 1)[0] ?? ''
    return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && this.#ports.paths.includes(path)
  }

  async open(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const onError = (): void => void socket.destroy()
    socket.on('error', onError)
    try {
      const peer = this.#admit(request)
      const accepting = await (this.#accepting ??= loadServer())
      accepting.options.maxPayload = this.#ports.settings().bodyLimit
      socket.off('error', onError)
      accepting.handleUpgrade(request, socket, head, (accepted) => {
        const connection = new ResponsesConnection(accepted, peer, this.#ports)
        this.#connections.add(connection)
        accepted.on('close', () => this.#connections.delete(connection))
        if (this.#ports.isDraining()) connection.drain()
      })
    } catch (error) {
      refuse(socket, error)
    }
  }

  drain(): void {
    for (const connection of this.#connections) connection.drain()
  }

  /** As for any request: by host and origin, which no browser's own rules check here, and by key. */
  #admit({ headers }: IncomingMessage): Peer {
    if (this.#ports.isDraining()) throw shuttingDown()
    this.#ports.guard(headers)
    return { caller: this.#ports.stages().authenticate(readToken(headers)), headers }
  }
}

async function loadServer(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws')
  // Compressing what is a few dozen bytes at a time costs more than it saves.
  // Pings are answered by the connection, which knows whether anybody reads.
  return new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, autoPong: false })
}

function refuse(socket: Duplex, error: unknown): void {
  const { status, headers, body } = encodeGatewayError(error)
  const text = JSON.stringify(body)
  const all: Record<string, string> = {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${statusText(status)}\r\n${head.join('')}\r\n${text}`)
}

/** Not imported by name: an import from node:http loads all it has, Node's own undici among it, which is 8 MB. */
function statusText(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''
}
