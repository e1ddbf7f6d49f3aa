import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '../config/schema.ts'
import type { Authenticate } from '../pipeline/authenticate.ts'
import type { OriginGuard } from './origin-guard.ts'
import { readToken } from './request-headers.ts'

export interface AccessRules {
  config: Config
  guard: OriginGuard
  authenticate: Authenticate
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Under /api/, and tells nothing: clients ask it before they know a key. */
    isOpen?: boolean
  }
}

/**
 * Who may ask what, before anything else: web pages only from allowed origins, and what the gateway tells about itself
 * (usage, providers, metrics) only to holders of a key where anonymous use is off. Calls are authenticated by the
 * pipeline, in their own dialect, lists of models where they are made; /health and /ready stay open for whatever watches the process.
 */
export function registerAccess(app: FastifyInstance, rules: () => AccessRules): void {
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      const { config, guard, authenticate } = rules()
      guard(request.headers)
      if (needsKey(request, config)) authenticate(readToken(request.headers))
      done()
    } catch (error) {
      done(error as Error)
    }
  })
}

/** By the route that was found, not by the URL, in which `/api` may be written `/%61pi`. */
function needsKey(request: FastifyRequest, config: Config): boolean {
  if (config.auth.anonymous) return false
  const { url: path, config: route } = request.routeOptions
  // The former have a token of their own (http/admin.ts).
  if (route.isAdmin === true || route.isOpen === true) return false
  if (path === undefined) return false
  return path.startsWith('/api/') || path === config.metrics.endpoint
}
