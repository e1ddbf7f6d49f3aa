import type { FastifyInstance } from 'fastify'

/** `allowedOrigins`: of the configuration in force. */
export async function registerCors(app: FastifyInstance, allowedOrigins: () => readonly string[]): Promise<void> {
  const { fastifyCors } = await import('@fastify/cors')
  await app.register(fastifyCors, {
    origin: (origin, done) => {
      const allowed = allowedOrigins()
      done(null, origin === undefined || allowed.includes('*') || allowed.includes(origin))
    },
    exposedHeaders: [
      'x-cache',
      'x-gateway-request-id',
      'x-gateway-provider',
      'x-gateway-model',
      'x-gateway-attempts',
      'x-gateway-cost',
      'x-gateway-warnings',
      'retry-after',
      'x-request-id',
    ],
    maxAge: 600,
  })
}
