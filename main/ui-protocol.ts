import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { protocol } from 'electron'
import { contentSecurityPolicy } from '../gateway/http/content-policy.ts'
import { uiFile } from './ui-file.ts'

/** Before the app is ready, and once: what the page may do with its own scheme. */
export function registerUiScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built window as app://ui/. */
export function serveUi(folder: string): void {
  protocol.handle('app', async ({ url, method }) => {
    const file = method === 'GET' ? uiFile(url, folder) : undefined
    if (file === undefined) return plain(404, 'There is nothing here.')
    try {
      return new Response(await readFile(file), { headers: { ...guards, 'content-type': typeOf(file) } })
    } catch {
      return file.endsWith('index.html')
        ? plain(200, 'The window is not built. Run: npm run build')
        : plain(404, 'There is nothing here.')
    }
  })
}

const guards = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

function typeOf(file: string): string {
  return types[extname(file)] ?? 'application/octet-stream'
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...guards, 'content-type': 'text/plain; charset=utf-8' } })
}
