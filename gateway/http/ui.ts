import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { contentSecurityPolicy } from './content-policy.ts'
import { GatewayError } from '../errors.ts'

/** Where the built window lies: in a folder, or inside the program. */
export interface UiFiles {
  /** `index.html`, `assets/main-1a2b3c4d.js`; undefined: no such file. */
  read(path: string): Promise<Uint8Array | undefined>
}

const guards = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
  map: 'application/json',
}

/** The dashboard's files. They hold nothing secret; what they ask for is behind the admin token. */
export function registerUiRoutes(app: FastifyInstance, files: UiFiles): void {
  app.get('/', (request, reply) => {
    if (request.headers.accept?.includes('text/html') === true) return reply.redirect('/ui/', 302)
    throw new GatewayError('not_found', 'There is nothing at GET /. Clients use /v1; the dashboard is at /ui/.')
  })
  app.get('/ui', (_request, reply) => reply.redirect('/ui/', 302))
  app.get<{ Params: { '*': string } }>('/ui/*', (request, reply) => serve(request.params['*'], reply, files))
}

async function serve(asked: string, reply: FastifyReply, files: UiFiles): Promise<FastifyReply> {
  const path = asked === '' ? 'index.html' : asked
  void reply.headers(guards)
  const bytes = isPlainPath(path) ? await files.read(path) : undefined
  if (bytes !== undefined) {
    const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    return reply.type(type).header('cache-control', cachingOf(path)).send(bytes)
  }
  if (path === 'index.html') {
    return reply.code(503).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(notBuilt)
  }
  throw new GatewayError('not_found', 'The dashboard has no such file.')
}

/** No `..`, no hidden file, no empty part, no way to name another folder. */
function isPlainPath(path: string): boolean {
  return path.length < 300 && path.split('/').every((part) => /^[A-Za-z0-9_@-][A-Za-z0-9._@-]*$/.test(part))
}

/** A name with a hash in it never changes its content. */
function cachingOf(path: string): string {
  if (path === 'index.html') return 'no-store'
  return /^assets\/.*[-.][\w-]{8,}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
}

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>LLM Gateway</title></head>
<body><h1>The gateway runs; its dashboard is not built</h1>
<p>Run <code>npm run build</code> in the project folder, then reload this page. Models are served at <code>/v1</code> all the same.</p>
</body></html>
`

/** Read when asked for: a build that came later is found, too. */
export function uiFolder(folder: string): UiFiles {
  return { read: (path) => readFile(join(folder, ...path.split('/'))).catch(() => undefined) }
}

/** Unpacked at the first request. */
export function uiInside(unpack: () => Promise<Map<string, Uint8Array>>): UiFiles {
  let files: Promise<Map<string, Uint8Array>> | undefined
  return {
    async read(path) {
      files ??= unpack()
      return (await files).get(path)
    },
  }
}
