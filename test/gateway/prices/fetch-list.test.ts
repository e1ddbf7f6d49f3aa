import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fetchList, type FetchPorts } from '../../../gateway/prices/fetch-list.ts'
import { createUpstream } from '../../../gateway/upstream/client.ts'
import type { Upstream } from '../../../gateway/upstream/upstream.ts'

let upstream: Upstream
let folder: string
const servers: Server[] = []

beforeEach(async () => {
  upstream = createUpstream({}, {})
  folder = await mkdtemp(join(tmpdir(), 'llm-gateway-fetch-'))
})

afterEach(async () => {
  await upstream.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  await rm(folder, { recursive: true })
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const fetched = (source: string, more: Partial<FetchPorts> = {}): ReturnType<typeof fetchList> =>
  fetchList(source, { upstream, workingDirectory: folder, ...more })

describe('an address', () => {
  test('is read, packed or not; what is kept of it holds no secret', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.url, request.headers.authorization)
      response.setHeader('content-encoding', 'gzip').end(gzipSync('[1]'))
    })
    const secret = url.replace('http://', 'http://me:pass%21@')
    expect(await fetched(`${secret}/data.json?token=abc`)).toEqual({ text: '[1]', source: `${url}/data.json` })
    expect(seen).toEqual(['/data.json?token=abc', `Basic ${Buffer.from('me:pass!').toString('base64')}`])
  })

  test('leads on within its scheme', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end('[2]')
    })
    expect(await fetched(`${url}/a`)).toEqual({ text: '[2]', source: `${url}/a` })
  })

  test.each<[string, string, RegExp]>([
    ['another scheme', 'https://127.0.0.1:9/x', /leads to https:, which is not followed/],
    ['a file', 'file:///etc/passwd', /leads to file:, which is not followed/],
    ['itself', '/', /more than 5 redirects/],
  ])('does not lead to %s', async (_name, location, message) => {
    const url = await serve((_request, response) => response.writeHead(301, { location }).end())
    await expect(fetched(url)).rejects.toThrow(message)
  })

  test.each([404, 500, 204])('that answers %i is no list', async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end())
    await expect(fetched(url)).rejects.toThrow(`answered ${status}`)
  })

  test('is not read past the limit, packed or not', async () => {
    const url = await serve((request, response) => {
      const body = Buffer.alloc(5000, ' ')
      if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(body))
      else response.end(body)
    })
    await expect(fetched(url, { limit: 1000 })).rejects.toThrow('more than 1000 bytes')
    await expect(fetched(`${url}/gzip`, { limit: 1000 })).rejects.toThrow('more than 1000 bytes')
  })

  test('that does not end is given up', async () => {
    const url = await serve((_request, response) => void response.write('['))
    await expect(fetched(url, { timeoutMs: 50 })).rejects.toThrow('took too long')
  })

  test('where nobody is', async () => {
    const url = await serve(() => undefined)
    const [server] = servers.splice(0)
    server?.close()
    await expect(fetched(`${url}/x?key=secret`)).rejects.toThrow(/\/x cannot be read/)
  })
})

describe('a file', () => {
  test('is read from where the command runs', async () => {
    await writeFile(join(folder, 'list.json'), '[3]')
    expect(await fetched('list.json')).toEqual({ text: '[3]', source: 'list.json' })
  })

  test.each<[string, Partial<FetchPorts>, RegExp]>([
    ['missing.json', {}, /There is no file missing.json/],
    ['.', {}, /cannot be read/],
    ['long.json', { limit: 2 }, /more than 2 bytes/],
    ['ftp://example.org/x', {}, /ftp:\/\/ is not read/],
  ])('%s is refused', async (name, more, message) => {
    await writeFile(join(folder, 'long.json'), '[3]')
    await expect(fetched(name, more)).rejects.toThrow(message)
  })
})
