import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createNetServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { describePortHolder } from '../../gateway/port-holder.ts'
import { createTestGateway } from '../helpers/in-process.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))))

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const us = new RegExp(`\\(process ${process.pid}\\)$`)

test('another copy of us, by its version and process', async () => {
  const gateway = await createTestGateway()
  closing.push(() => gateway.close())
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  const text = await describePortHolder(Number(new URL(url).port))
  expect(text).toMatch(/^another LLM Gateway, version \d+\.\d+\.\d+/)
  if (process.platform === 'linux') expect(text).toMatch(us)
})

test.skipIf(process.platform !== 'linux')('another program, by its process', async () => {
  const port = await serve((_request, response) => void response.end('hello'))
  const text = await describePortHolder(port)
  expect(text).toMatch(us)
  expect(text).not.toContain('LLM Gateway')
})

test.skipIf(process.platform !== 'linux')('a program that does not speak HTTP', async () => {
  const server = createNetServer((socket) => void socket.resume().end('220 mail\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  expect(await describePortHolder((server.address() as AddressInfo).port)).toMatch(us)
})

test('one that only claims to be us says no version that is none', async () => {
  const port = await serve((_request, response) => {
    response.writeHead(200, { 'x-llm-gateway': '1' }).end('no JSON')
  })
  expect(await describePortHolder(port)).not.toContain('LLM Gateway')
})

test('nobody any more', async () => {
  const port = await serve(() => {})
  await closing.pop()?.()
  expect(await describePortHolder(port)).toBe('another program')
})
