import Fastify from 'fastify'
import { Pool, type Dispatcher } from 'undici'

/**
 * The floor: Fastify and undici with bytes handed through and no gateway work at all. What the gateway adds is measured
 * against it. Usage: node bare.ts PORT UPSTREAM
 */
const [port, upstream] = process.argv.slice(2) as [string, string]
const pool = new Pool(upstream, { connections: null, pipelining: 1, keepAliveTimeout: 60_000 })
const app = Fastify({ logger: false, bodyLimit: 32 << 20, http: { noDelay: true } })

app.removeAllContentTypeParsers()
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/v1/chat/completions', (request, reply) => {
  const body = request.body as Buffer
  JSON.parse(body.toString('utf8'))
  reply.hijack()
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => {},
    onResponseStart(_controller, status, headers) {
      const names = ['content-type', 'content-length', 'x-request-id']
      reply.raw.writeHead(status, names.map((name) => [name, String(headers[name])]).flat())
    },
    onResponseData: (_controller, chunk) => void reply.raw.write(chunk),
    onResponseEnd: () => void reply.raw.end(),
    onResponseError: (_controller, error) => void reply.raw.destroy(error),
  }
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' }
  pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body }, handler)
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
