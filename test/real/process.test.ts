import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { assertChatStream, chatCompletionShape } from '../conformance/openai-shapes.ts'
import { type GatewayOptions, type GatewayProcess, runGateway, startGatewayProcess } from '../helpers/gateway.ts'
import { pausedStream } from '../helpers/upstream-faults.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

let upstream: Upstream
const running: GatewayProcess[] = []
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())
beforeEach(() => upstream.reset())
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop('SIGKILL')))
})

async function start(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(options)
  running.push(gateway)
  return gateway
}

function oneProvider(more: object = {}): object {
  return { providers: [{ name: 'openai', apiKey: 'sk-secret-abcd', baseUrl: `${upstream.url}/v1` }], ...more }
}

function chat(url: string, { model = 'openai/gpt-4o', stream = false } = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }], stream }),
  })
}

function contentOf(sse: string): string {
  const { chunks, error } = assertChatStream(sse)
  expect(error).toBeUndefined()
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
}

describe('without any configuration', () => {
  test('the demo provider answers, whole and streamed', async () => {
    const { url } = await start()
    const whole = await chat(url, { model: 'gpt-4' })
    expect(whole.status).toBe(200)
    expect(whole.headers.get('x-gateway-provider')).toBe('demo')
    const { choices } = chatCompletionShape.parse(await whole.json())
    expect(choices[0]?.message.content).toMatch(/demo/i)
    const streamed = await chat(url, { model: 'gpt-4', stream: true })
    expect(streamed.headers.get('content-type')).toContain('text/event-stream')
    expect(contentOf(await streamed.text())).toMatch(/demo/i)
  })

  test('from start to the first answer in under a second', async () => {
    const began = performance.now()
    const { url } = await start()
    const answer = await chat(url, { model: 'gpt-4' })
    await answer.text()
    const tookMs = Math.round(performance.now() - began)
    console.log(`start to first answer: ${tookMs} ms`)
    expect(answer.status).toBe(200)
    // The aim is 1 s; a machine that runs other things besides gets half a second more.
    expect(tookMs).toBeLessThan(1500)
  })

  test('health and readiness', async () => {
    const { url } = await start()
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })
})

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s lets a running stream end, then exits 0', async (signal) => {
    const { promise: goOn, resolve } = Promise.withResolvers<void>()
    upstream.script(pausedStream(goOn, 4, { text: 'Slow, but to the very end.' }))
    const gateway = await start({ config: oneProvider() })
    const response = await chat(gateway.url, { stream: true })
    gateway.signal(signal)
    await refuses(gateway.url)
    resolve()
    expect(contentOf(await response.text())).toBe('Slow, but to the very end.')
    expect(await gateway.exitCode).toBe(0)
  })

  /** New connections are refused (or answered 503) as soon as the drain has begun. */
  async function refuses(url: string): Promise<void> {
    for (;;) {
      const answer = await fetch(`${url}/health`, { headers: { connection: 'close' } }).catch(() => undefined)
      if (answer === undefined || answer.status === 503) return
      await answer.text()
    }
  }

  test('a stream that outlives server.drainTimeout is ended in its dialect, and the process ends', async () => {
    upstream.script(pausedStream(new Promise(() => {}), 4, { text: 'Never to its end.' }))
    const gateway = await start({ config: oneProvider({ server: { drainTimeout: '300ms' } }) })
    const response = await chat(gateway.url, { stream: true })
    const body = response.text()
    expect(await gateway.stop()).toBe(0)
    const { chunks, error } = assertChatStream(await body)
    expect(chunks.length).toBeGreaterThan(0)
    expect(error?.code).toBe('shutting_down')
  })

  test('signals are heeded from the moment it says that it listens', async () => {
    const reloaded = await start({ config: oneProvider() })
    reloaded.signal('SIGHUP')
    expect((await chat(reloaded.url)).status).toBe(200)
    const stopped = await start({ config: oneProvider() })
    expect(await stopped.stop('SIGTERM')).toBe(0)
  })

  test('idle keep-alive connections do not delay the end', async () => {
    const gateway = await start({ config: oneProvider() })
    await (await chat(gateway.url)).text()
    const began = performance.now()
    expect(await gateway.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

test('a taken port is one line that says so, and exit code 1', async () => {
  const first = await start()
  const port = Number(new URL(first.url).port)
  const { exitCode, stdout, stderr } = await runGateway({ port })
  expect(exitCode).toBe(1)
  const said = (stdout + stderr).trim().split('\n')
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(String(port))
  expect(said[0]).toMatch(/in use|taken/i)
})

describe('commands that end at once', () => {
  test('--version', async () => {
    expect(await runGateway({ args: ['--version'] })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(manifest.version) as string,
    })
  })

  test('--help names the flags', async () => {
    const { exitCode, stdout } = await runGateway({ args: ['--help'] })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/--config.*--port.*--host.*--data-dir.*--check.*--print-config/s)
  })

  test('--check of a good file', async () => {
    const { exitCode, stderr } = await runGateway({ config: oneProvider(), args: ['--check'] })
    expect([exitCode, stderr]).toEqual([0, ''])
  })

  test('--check of a bad file says where and what would be right', async () => {
    const config = 'server:\n  prot: 8080\nproviders:\n  - name: openai\n    timeout: 60\n'
    const { exitCode, stdout, stderr } = await runGateway({ config, args: ['--check'] })
    expect(exitCode).toBe(1)
    expect(stdout + stderr).toMatch(/gateway\.yaml:2:3 .*prot.*port/)
    expect(stdout + stderr).toMatch(/gateway\.yaml:5:14 .*providers\[0\]\.timeout.*60s|gateway\.yaml:5:14 .*30s/)
  })

  test('a missing variable is named', async () => {
    const config = 'providers:\n  - name: openai\n    apiKey: ${NO_SUCH_KEY}\n'
    const { exitCode, stdout, stderr } = await runGateway({ config, args: ['--check'] })
    expect(exitCode).toBe(1)
    expect(stdout + stderr).toMatch(/gateway\.yaml:3:13 .*NO_SUCH_KEY/)
  })

  test('a bad file does not start either', async () => {
    expect(await runGateway({ config: 'cache: { enabled: maybe }\n', port: 0 })).toMatchObject({ exitCode: 1 })
  })

  test('--print-config masks secrets', async () => {
    const config = oneProvider({ auth: { keys: [{ name: 'me', key: 'sk-client-efgh' }] } })
    const { exitCode, stdout } = await runGateway({ config, args: ['--print-config'] })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('openai')
    expect(stdout).not.toContain('sk-secret-abcd')
    expect(stdout).not.toContain('sk-client-efgh')
  })

  test('an unknown flag', async () => {
    const { exitCode, stderr } = await runGateway({ args: ['--prot', '1'] })
    expect(exitCode).not.toBe(0)
    expect(stderr).toMatch(/--prot.*--port/)
  })
})

describe('reload', () => {
  const renamed = (alias: string) => ({
    providers: [{ name: 'openai', apiKey: 'sk-x', baseUrl: `${upstream.url}/v1`, models: ['gpt-4o'] }],
    routing: { modelMappings: { [alias]: { provider: 'openai', model: 'gpt-4o' } } },
  })

  async function until(gateway: GatewayProcess, model: string): Promise<void> {
    for (;;) {
      const { status } = await chat(gateway.url, { model })
      if (status === 200) return
    }
  }

  /** Calls one after the other, at least one; gives what each was answered. */
  async function callUntil(signal: AbortSignal, url: string): Promise<number[]> {
    const statuses: number[] = []
    do statuses.push((await chat(url)).status)
    while (!signal.aborted)
    return statuses
  }

  test.each(['a changed file', 'SIGHUP'])('by %s: no call is lost, running streams end as they began', async (how) => {
    const { promise: goOn, resolve } = Promise.withResolvers<void>()
    upstream.script(pausedStream(goOn, 4, { text: 'Under the old configuration.' }))
    const gateway = await start({ config: renamed('before') })
    const old = await chat(gateway.url, { model: 'before', stream: true })
    const load = new AbortController()
    const statuses = callUntil(load.signal, gateway.url)
    await gateway.writeConfig(renamed('after'))
    if (how === 'SIGHUP') gateway.signal('SIGHUP')
    await until(gateway, 'after')
    expect((await chat(gateway.url, { model: 'before' })).status).toBe(404)
    resolve()
    expect(contentOf(await old.text())).toBe('Under the old configuration.')
    load.abort()
    expect(new Set(await statuses)).toEqual(new Set([200]))
  })

  test('a file that does not load changes nothing', async () => {
    const gateway = await start({ config: renamed('before') })
    await gateway.writeConfig('providers: [ { name: openai, ')
    gateway.signal('SIGHUP')
    while (!/gateway\.yaml:\d+:\d+/.test(gateway.output())) await (await chat(gateway.url, { model: 'before' })).text()
    expect((await chat(gateway.url, { model: 'before' })).status).toBe(200)
  })
})

test('kill -9 after an answer: the next start has the call in its ledger', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-ledger-'))
  upstream.on(/./, text('Paid for.', { usage: { input: 12, output: 7 } }))
  const first = await start({ config: oneProvider(), dataDir })
  await (await chat(first.url)).text()
  await (await chat(first.url, { stream: true })).text()
  expect(await first.stop('SIGKILL')).toBeNull()
  const second = await start({ config: oneProvider(), dataDir })
  const usage = await (await fetch(`${second.url}/api/v1/usage`)).json()
  expect(usage).toMatchObject({ total_requests: 2, total_tokens: 38 })
  await second.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('LLM_GATEWAY_* stand for the flags', async () => {
  const env = { LLM_GATEWAY_CHECK: '1' }
  expect(await runGateway({ config: oneProvider(), env })).toMatchObject({ exitCode: 0 })
  expect(await runGateway({ config: 'nonsense: 1\n', env })).toMatchObject({ exitCode: 1 })
})

test.skipIf(!existsSync('dist/headless/llm-gateway.mjs'))('the built file does the same', async () => {
  const gateway = await start({ config: oneProvider(), bundle: true })
  expect(contentOf(await (await chat(gateway.url, { stream: true })).text())).toBe('Hello!')
  expect(await gateway.stop()).toBe(0)
})

test('no secret is in what it prints', async () => {
  const gateway = await start({ config: oneProvider({ logging: { level: 'debug', requestBody: true } }) })
  await (await chat(gateway.url)).text()
  await gateway.stop()
  expect(gateway.output()).toContain('listening')
  expect(gateway.output()).not.toContain('sk-secret-abcd')
})
