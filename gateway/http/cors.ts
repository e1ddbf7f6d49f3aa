import type { FastifyInstance } from 'fastify'

/** What the SDKs send, named one by one: in the Fetch standard a `*` does not cover `authorization`. */
const allowedHeaders = [
  'authorization',
  'content-type',
  'content-encoding',
  'accept',
  'x-api-key',
  'api-key',
  'anthropic-version',
  'anthropic-beta',
  'anthropic-dangerous-direct-browser-access',
  'x-goog-api-key',
  'x-goog-api-client',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'x-stainless-arch',
  'x-stainless-async',
  'x-stainless-custom-poll-interval',
  'x-stainless-helper',
  'x-stainless-helper-method',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-poll-helper',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
  'http-referer',
  'x-title',
  'idempotency-key',
  'x-client-request-id',
  'x-session-id',
  'x-gateway-cache',
  'x-gateway-timeout',
  'x-gateway-provider',
  'x-gateway-metadata',
  'x-gateway-fallback',
] as const

const rateLimitHeaders = ['limit', 'remaining', 'reset'].flatMap((fact) =>
  ['requests', 'tokens'].map((unit) => `x-ratelimit-${fact}-${unit}`),
)

/** `allowedOrigins`: of the configuration in force. */
export async function registerCors(app: FastifyInstance, allowedOrigins: () => readonly string[]): Promise<void> {
  const { fastifyCors } = await import('@fastify/cors')
  await app.register(fastifyCors, {
    origin: (origin, done) => {
      const allowed = allowedOrigins()
      done(null, origin === undefined || allowed.includes('*') || allowed.includes(origin))
    },
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: [...allowedHeaders],
    exposedHeaders: [
      'x-cache',
      'x-gateway-request-id',
      'x-gateway-provider',
      'x-gateway-model',
      'x-gateway-attempts',
      'x-gateway-cost',
      'x-gateway-warnings',
      'x-gateway-guard',
      'x-gateway-similarity',
      'x-gateway-cache-source',
      'retry-after',
      'retry-after-ms',
      'x-should-retry',
      ...rateLimitHeaders,
      'x-request-id',
      'request-id',
    ],
    maxAge: 600,
  })
}
