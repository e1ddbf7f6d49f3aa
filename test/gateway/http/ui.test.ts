import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeGatewayError } from '../../../gateway/http/encode-gateway-error.ts'
import { registerUiRoutes, uiFolder, uiInside, type UiFiles } from '../../../gateway/http/ui.ts'

let outer: string
beforeAll(async () => {
  outer = await mkdtemp(join(tmpdir(), 'llm-gateway-ui-'))
  await mkdir(join(outer, 'ui', 'assets'), { recursive: true })
  await writeFile(join(outer, 'secret.txt'), 'not for you')
  await writeFile(join(outer, 'ui', '.env'), 'not for you')
  await writeFile(join(outer, 'ui', 'index.html'), '<!doctype html>')
  await writeFile(join(outer, 'ui', 'icon.svg'), '<svg/>')
  await writeFile(join(outer, 'ui', 'assets', 'main-Ab12Cd34.js'), 'export {}')
})
afterAll(() => rm(outer, { recursive: true }))

function appWith(files: UiFiles) {
  const app = Fastify()
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = encodeGatewayError(error)
    void reply.code(status).send(body)
  })
  registerUiRoutes(app, files)
  return app
}

const built = () => appWith(uiFolder(join(outer, 'ui')))

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

describe('files', () => {
  const rows: [string, string, string, string][] = [
    ['/ui/', '<!doctype html>', 'text/html; charset=utf-8', 'no-store'],
    ['/ui/index.html', '<!doctype html>', 'text/html; charset=utf-8', 'no-store'],
    ['/ui/icon.svg', '<svg/>', 'image/svg+xml', 'no-cache'],
    [
      '/ui/assets/main-Ab12Cd34.js',
      'export {}',
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ],
  ]
  test.each(rows)('%s', async (url, body, type, caching) => {
    const reply = await built().inject(url)
    expect([reply.statusCode, reply.body]).toEqual([200, body])
    expect(reply.headers).toMatchObject({
      'content-type': type,
      'cache-control': caching,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    })
  })
})

test.each([
  '/ui/../secret.txt',
  '/ui/%2e%2e/secret.txt',
  '/ui/..%2fsecret.txt',
  '/ui/assets/..%2f..%2fsecret.txt',
  '/ui/..%5csecret.txt',
  '/ui/.env',
  '/ui/assets/',
  '/ui/assets',
  '/ui//etc/passwd',
  '/ui/%2fetc%2fpasswd',
  '/ui/no.js',
  `/ui/${'a'.repeat(500)}`,
])('%s is not there', async (url) => {
  const reply = await built().inject(url)
  expect(reply.statusCode).toBe(404)
  expect(reply.body).not.toContain('not for you')
})

test('browsers are led to the dashboard, programs are not', async () => {
  const app = built()
  const root = (accept: string) => app.inject({ url: '/', headers: { accept } })
  expect(await root('text/html,application/xhtml+xml')).toMatchObject({
    statusCode: 302,
    headers: { location: '/ui/' },
  })
  expect(await root('*/*')).toMatchObject({ statusCode: 404 })
  expect(await app.inject('/ui')).toMatchObject({ statusCode: 302, headers: { location: '/ui/' } })
})

test('where it is not built, the page says how to', async () => {
  const reply = await appWith(uiFolder(join(outer, 'nothing'))).inject('/ui/')
  expect(reply.statusCode).toBe(503)
  expect(reply.body).toContain('npm run build')
})

test('files inside the program are unpacked once, when somebody asks', async () => {
  let times = 0
  const app = appWith(
    uiInside(async () => {
      times += 1
      return new Map([['index.html', Buffer.from('<!doctype html>')]])
    }),
  )
  expect(times).toBe(0)
  expect((await app.inject('/ui/')).body).toBe('<!doctype html>')
  expect((await app.inject('/ui/other.js')).statusCode).toBe(404)
  expect(times).toBe(1)
})
