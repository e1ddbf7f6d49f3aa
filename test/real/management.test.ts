import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startGatewayProcess, type GatewayProcess } from '../helpers/gateway.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-management-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

/** The value of a method, asked over HTTP as the dashboard does. */
async function ask(gateway: GatewayProcess, token: string, method: string, input: object = {}): Promise<unknown> {
  const response = await fetch(`${gateway.url}/api/v1/call/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  const result = (await response.json()) as { ok: boolean; value?: unknown }
  if (!result.ok) throw new Error(JSON.stringify(result))
  return result.value
}

const chat = (gateway: GatewayProcess, model: string): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  })

test('the token is printed once; edits make a file that the next start finds, and that is watched', async () => {
  const first = await startGatewayProcess({ dataDir })
  const token = /^Dashboard: http:\/\/127\.0\.0\.1:\d+\/ui\/ {2}token: ([\w-]{43})$/m.exec(first.output())?.[1] ?? ''
  expect((await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()).toBe(token)
  expect(existsSync(join(dataDir, 'gateway.yaml'))).toBe(false)

  const demo = { name: 'local', type: 'demo', baseUrl: null }
  await ask(first, token, 'providers.save', demo)
  await ask(first, token, 'aliases.save', { name: 'fast', targets: [{ provider: 'local', model: 'demo' }] })
  expect((await chat(first, 'fast')).status).toBe(200)
  const file = join(dataDir, 'gateway.yaml')
  const text = await readFile(file, 'utf8')
  expect(text).toContain('fast')

  // Somebody else's edit counts too.
  await writeFile(file, text.replaceAll('fast', 'quick'))
  await expect.poll(() => first.output(), { timeout: 5000 }).toContain('configuration reloaded')
  expect((await chat(first, 'quick')).status).toBe(200)
  expect(await first.stop()).toBe(0)

  const second = await startGatewayProcess({ dataDir })
  expect((await chat(second, 'quick')).status).toBe(200)
  expect(second.output()).not.toContain(token)
  expect(second.output()).toContain(join(dataDir, 'admin-token'))
  expect(await ask(second, token, 'status.get')).toMatchObject({ configFile: file, hasCalls: true, todayRequests: 3 })
  expect(await second.stop()).toBe(0)
})

test('a token that is given opens it and is nowhere to be read', async () => {
  const token = 'given-token-0123456789'
  const gateway = await startGatewayProcess({ dataDir, env: { LLM_GATEWAY_ADMIN_TOKEN: token } })
  expect(await ask(gateway, token, 'status.get')).toMatchObject({ state: 'running', usesDemo: true })
  expect(existsSync(join(dataDir, 'admin-token'))).toBe(false)
  expect(gateway.output()).not.toContain(token)
  // An event stream that stays open does not hold up the end.
  const events = await fetch(`${gateway.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } })
  expect(events.status).toBe(200)
  expect(await gateway.stop()).toBe(0)
})
