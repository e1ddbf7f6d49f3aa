import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Config } from '../config/schema.ts'
import { GatewayError } from '../errors.ts'
import type { Log } from '../telemetry/log.ts'
import { encodeGatewayError } from './encode-gateway-error.ts'
import { mayBeSlow } from './slow-uploads.ts'
import { spokenAt } from './spoken-at.ts'
import { unknownPath } from './unknown-path.ts'

/** The server without routes: its limits, and how it says that something went wrong. */
export function createFastify(server: Config['server'], log: Log): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: server.bodyLimit,
    requestTimeout: server.readTimeout,
    keepAliveTimeout: 72_000,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // Fastify's own answer while closing is in nobody's dialect.
    return503OnClosing: false,
    http: { noDelay: true },
    clientErrorHandler: refuseRaw,
  })
  app.setErrorHandler((error, request, reply) => {
    void sendError(request, reply, error)
    const { stack } = error as Error
    if (reply.statusCode >= 500)
      log.error({ method: request.method, route: request.routeOptions.url, error: stack }, 'unexpected error')
  })
  app.setNotFoundHandler((request, reply) => sendError(request, reply, unknownPath(request.method, request.url)))
  closeSpareConnections(app)
  // Fastify waits for kept-alive connections of streams that were open at shutdown (fastify#7044): close them as they idle.
  let idle: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    idle = setInterval(() => app.server.closeIdleConnections(), 50)
  })
  app.addHook('onClose', async () => clearInterval(idle))
  return app
}

/** A request that is on its way is still told that the gateway is stopping. */
const spareGraceMs = 250

/** Browsers open connections that they may need: node does not count one as idle before its first request is over. */
function closeSpareConnections(app: FastifyInstance): void {
  const spare = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    spare.add(socket)
    socket.once('close', () => spare.delete(socket))
  })
  app.server.on('request', ({ socket }) => spare.delete(socket))
  // WebSockets, which end by themselves (responses-socket.ts).
  app.server.on('upgraded', (socket: Socket) => spare.delete(socket))
  let grace: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    grace = setTimeout(() => spare.forEach((socket) => socket.destroy()), spareGraceMs)
  })
  app.addHook('onClose', async () => clearTimeout(grace))
}

function sendError({ url, headers: asked }: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { status, headers, body } = encodeGatewayError(error, spokenAt(url, asked))
  return reply.code(status).headers(headers).send(body)
}

/** What never became a request: no HTTP, a head that is too large, a body that took too long. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && mayBeSlow(socket)) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = rawStatuses[error.code ?? ''] ?? '400 Bad Request'
  const { message, type, code } = new GatewayError('invalid_request', `The request was not understood: ${status}.`)
  const body = JSON.stringify({ error: { message, type, param: null, code } })
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`, () => socket.destroy())
}

const rawStatuses: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}
