import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FourProviders, models, providerNames, startFourProviders } from '../helpers/four-providers.ts'
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway.ts'
import { sdkPython, runPython } from '../helpers/python.ts'
import { status } from '../helpers/upstream-faults.ts'
import { text, toolCalls } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

const python = await sdkPython()
if ('problem' in python) console.warn(`skipped: ${python.problem}`)
const interpreter = 'interpreter' in python ? python.interpreter : ''

describe.skipIf('problem' in python)('the official Python SDK', () => {
  describe('docs/getting-started.md', () => {
    let upstream: Upstream
    let gateway: GatewayProcess
    beforeAll(async () => {
      upstream = await startUpstream()
      gateway = await startGatewayProcess({
        config: {
          providers: [{ name: 'openai', apiKey: 'sk-x', baseUrl: `${upstream.url}/v1` }],
          routing: { defaultProvider: 'openai' },
        },
      })
    })
    afterAll(async () => {
      await gateway.stop()
      await upstream.close()
    })

    test('its example runs word for word; only the port is another', async () => {
      const page = await readFile('docs/getting-started.md', 'utf8')
      const example = /```python\n(.*?)```/s.exec(page)?.[1]
      if (example === undefined) throw new Error('docs/getting-started.md has no Python example')
      const port = new URL(gateway.url).port
      expect(example).toMatch(/:8080/)
      await runPython(interpreter, ['-c', example.replaceAll(':8080', `:${port}`)], {})
      expect(upstream.requests.length).toBeGreaterThan(0)
      expect(upstream.requests[0]).toMatchObject({ path: '/v1/chat/completions' })
    })
  })

  describe('stream, tools, errors', () => {
    let world: FourProviders
    beforeAll(async () => {
      world = await startFourProviders()
    })
    afterAll(() => world.close())
    beforeEach(() => world.reset())

    test.each(providerNames)('%s', async (provider) => {
      world.upstreams[provider].script(
        text('Grüße 👋', { usage: { input: 12, output: 7 } }),
        toolCalls([{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }]),
        text('Snow.'),
        status(429),
      )
      const printed = await runPython(interpreter, [resolve('test/fixtures/python/stream_and_tools.py')], {
        GATEWAY_URL: `${world.gateway.url}/v1`,
        GATEWAY_MODEL: `${provider}/${models[provider]}`,
        GATEWAY_BROKEN_MODEL: `${provider}/python-429`,
      })
      expect(JSON.parse(printed)).toMatchObject({
        words: 'Grüße 👋',
        total_tokens: 19,
        arguments: { city: 'Oslo' },
        answer: 'Snow.',
        error: { class: 'RateLimitError', status: 429 },
      })
      expect(world.upstreams[provider].requests[2]?.text).toContain('snow')
    })
  })
})
