import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestGateway } from '../../helpers/in-process.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
if (!hasOpenssl) console.log('skipped: there is no openssl to make a private certificate authority with')

const folder = mkdtempSync(join(tmpdir(), 'private-ca-'))
const at = (name: string): string => join(folder, name)
const pem = (...names: string[]): string => names.map((name) => readFileSync(at(`${name}.pem`), 'utf8')).join('')
const servers: Server[] = []

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
}

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** root -> intermediate -> leaf for 127.0.0.1 */
function makeCertificates(): void {
  const isAuthority = 'basicConstraints=critical,CA:TRUE'
  openssl('req', '-x509', ...key, '-keyout', 'root.key', '-out', 'root.pem', '-days', '2', '-subj', '/CN=root')
  sign('intermediate', 'root', isAuthority)
  sign('leaf', 'intermediate', 'subjectAltName=IP:127.0.0.1')
  sign('other', 'intermediate', 'subjectAltName=DNS:elsewhere.test')
}

function sign(name: string, issuer: string, extension: string): void {
  writeFileSync(at(`${name}.ext`), extension)
  openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
  const by = ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial', '-days', '2']
  openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-extfile', `${name}.ext`, '-out', `${name}.pem`)
}

/** A provider behind TLS that shows these certificates, its own first. */
async function serve(own: string, ...chain: string[]): Promise<string> {
  const server = createServer(
    { key: readFileSync(at(`${own}.key`)), cert: pem(own, ...chain) },
    (request, response) => {
      request.resume()
      const message = { role: 'assistant', content: 'Hello over TLS' }
      const body = { id: 'c', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    },
  )
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function ask(url: string, network: object): Promise<{ status: number; body: string }> {
  const provider = { name: 'private', type: 'openai-compatible', apiKey: 'sk-x', baseUrl: `${url}/v1`, maxRetries: 0 }
  const gateway = await createTestGateway({ providers: [provider], network })
  const payload = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }
  const reply = await gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', payload })
  await gateway.close()
  return { status: reply.statusCode, body: reply.body }
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!hasOpenssl)('a provider whose certificate a private authority signed', () => {
  beforeAll(makeCertificates)

  const shown: [what: string, chain: string[]][] = [
    ['the certificate alone', []],
    ['the intermediate too', ['intermediate']],
    ['the whole chain', ['intermediate', 'root']],
  ]

  test.each(shown)('shows %s: not reachable, and the error says what to set', async (_what, chain) => {
    const { status, body } = await ask(await serve('leaf', ...chain), {})
    expect(status).toBe(502)
    const { message, code } = JSON.parse(body).error as { message: string; code: string }
    expect(code).toBe('upstream_unreachable')
    expect(message).toContain('certificate')
    expect(message).toContain('network.caFile')
  })

  test.each(shown.slice(1))('shows %s: reachable with network.caFile', async (_what, chain) => {
    const { status, body } = await ask(await serve('leaf', ...chain), { caFile: at('root.pem') })
    expect(body).toContain('Hello over TLS')
    expect(status).toBe(200)
  })

  test('that is for another host name: caFile would not help, and the error does not say so', async () => {
    const { status, body } = await ask(await serve('other', 'intermediate'), { caFile: at('root.pem') })
    expect(status).toBe(502)
    expect(body).toContain('its certificate is for another host name')
    expect(body).not.toContain('caFile')
  })
})
