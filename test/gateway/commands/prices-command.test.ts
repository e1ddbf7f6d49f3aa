import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseArguments } from '../../../gateway/cli-arguments.ts'
import { runPrices, type PricesIo } from '../../../gateway/commands/prices-command.ts'
import type { Model } from '../../../gateway/contract.ts'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'
import { unpack } from '../../../gateway/prices/plain-table.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { status } from '../../helpers/upstream-faults.ts'
import { startUpstream, type Upstream } from '../../helpers/upstream.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-gateway-prices-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Run {
  code: number
  out: string
  err: string
}

let ask: PricesIo['ask']

let now: number

async function run(...argv: string[]): Promise<Run> {
  const parsed = parseArguments(['prices', ...argv, '--data-dir', join(folder, 'data')], {})
  if (parsed.kind !== 'prices') throw new Error(parsed.kind === 'problem' ? parsed.message : 'not the command')
  const printed = { out: '', err: '' }
  const code = await runPrices(parsed, {
    shell: 'headless',
    workingDirectory: folder,
    home: folder,
    platform: 'linux',
    env: {},
    now: () => now,
    ask,
    write: (text) => void (printed.out += text),
    writeError: (text) => void (printed.err += text),
  })
  return { code, ...printed }
}

const json = async (...argv: string[]): Promise<unknown> => JSON.parse((await run(...argv, '--json')).out)
const keptFiles = (): Promise<string[]> => readdir(join(folder, 'data')).catch(() => [])

/** LiteLLM's shape; USD per token. */
function liteLlm(input: number): string {
  return JSON.stringify({
    'gpt-5': { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: input, output_cost_per_token: 1e-5 },
    'gpt-new': { litellm_provider: 'openai', mode: 'chat', input_cost_per_token: 2e-6, output_cost_per_token: 4e-6 },
    'dall-e-2': { litellm_provider: 'openai', mode: 'image_generation' },
  })
}

beforeEach(async () => {
  ask = undefined
  now = Date.UTC(2026, 10, 24, 12)
  await writeFile(join(folder, 'list.json'), liteLlm(1.5e-6))
})

describe('show', () => {
  test('where the prices come from and how many there are', async () => {
    const { out, code } = await run()
    expect(code).toBe(0)
    expect(out).toContain(`${bundledPrices.source}, ${bundledPrices.date}`)
    expect(out).toMatch(/43 providers, 1,694 models/)
    expect(out).toMatch(/^anthropic +\d+ +\d+$/m)
    expect(out).toContain('No overrides')
  })

  test('a price, with its tiers and its times', async () => {
    expect((await run('show', 'anthropic/claude-sonnet-4-5')).out).toContain(
      '3 (6 in calls of more than 200,000 input tokens)',
    )
    const deepseek = (await run('show', 'deepseek/deepseek-v4-flash')).out
    expect(deepseek).toContain('daily from 01:00 to 04:00 UTC: input 0.44')
    expect(deepseek).toContain('from 2026-08-17')
  })

  test('an update that is older than what a newer gateway came with', async () => {
    await run('update', 'list.json', '--yes')
    expect((await run()).out).not.toContain('newer')
    now = Date.UTC(2026, 0, 1)
    await writeFile(join(folder, 'list.json'), liteLlm(2e-6))
    await run('update', 'list.json', '--yes')
    expect((await run()).out).toContain(`newer ones, of ${bundledPrices.date}: llm-gateway prices reset`)
  })

  test('in JSON: wherever it is known', async () => {
    expect(await json('show', 'sonar-pro')).toMatchObject({
      table: { from: 'bundled', date: bundledPrices.date, file: null },
      prices: [
        {
          provider: 'perplexity',
          model: 'sonar-pro',
          from: 'bundled',
          now: { input: { usd: 3, tiers: [] }, output: { usd: 15 }, request: { usd: 14 } },
        },
      ],
    })
  })

  test('unknown is said, and is not 0', async () => {
    expect(await run('show', 'gpt-unheard-of')).toMatchObject({
      code: 0,
      out: expect.stringContaining('gpt-unheard-of: the price is not known') as string,
    })
    expect(await json('show', 'openai/gpt-unheard-of')).toMatchObject({ prices: [{ from: null, now: null }] })
  })

  test('overrides win, by the names of the configuration; its keys are not needed', async () => {
    const config = `
providers:
  - { name: work, type: openai, apiKey: "\${SOME_KEY}" }
  - { name: home, type: ollama }
pricing:
  overrides:
    work/gpt-5: { input: 0.5, output: 2 }
`
    await writeFile(join(folder, 'gateway.yaml'), config)
    const { out, err } = await run('show', 'work/gpt-5')
    expect(err).toBe('')
    expect(out).toContain(
      'work/gpt-5   USD per 1M tokens, from pricing.overrides in the configuration\n  input                 0.5\n',
    )
    expect((await run('show', 'home/anything')).out).toContain('free: it runs on your own machine')
    expect((await run()).out).toContain('1 override in the configuration')
    await run('update', 'list.json', '--yes')
    expect((await run('show', 'work/gpt-5')).out).toContain('  input                 0.5\n')
    expect(await readFile(join(folder, 'gateway.yaml'), 'utf8')).toBe(config)
  })

  test('a configuration that is not good is said and not used; one that was asked for must be', async () => {
    await writeFile(join(folder, 'gateway.yaml'), 'providers: 7')
    expect(await run('show', 'gpt-5')).toMatchObject({ code: 0, err: expect.stringContaining('is not used') as string })
    expect(await run('show', '-c', join(folder, 'gateway.yaml'))).toMatchObject({ code: 1 })
  })
})

describe('diff', () => {
  test('the sum first, then what changes, and nothing is written', async () => {
    const { out, code } = await run('diff', 'list.json')
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe('1,694 models now, 1,695 with this list (litellm): 1 changed, 1 added, 0 removed.')
    expect(out).toContain('Left out: 1 not chat or embeddings.')
    expect(out).toContain('openai/gpt-5: input 1.25 -> 1.5 (+20 %)')
    expect(out).toContain('+ openai/gpt-new: input 2, output 4')
    expect(await keptFiles()).toEqual([])
  })

  test('says what would be refused', async () => {
    await writeFile(join(folder, 'list.json'), liteLlm(1.5e-3))
    expect((await run('diff', 'list.json')).out).toMatch(/would be refused: More than 100 times off.*1.25 -> 1500/)
  })

  test('in JSON', async () => {
    expect(await json('diff', 'list.json')).toMatchObject({
      list: 'litellm',
      source: 'list.json',
      changed: [
        {
          model: 'gpt-5',
          items: [
            { item: 'input', before: 1.25, after: 1.5, percent: 20 },
            { item: 'cacheRead', after: null },
          ],
        },
      ],
      skipped: { 'not chat or embeddings': 1 },
    })
  })
})

describe('update', () => {
  test('is not made unasked', async () => {
    expect(await run('update', 'list.json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('add --yes') as string,
    })
    ask = () => Promise.resolve(false)
    expect(await run('update', 'list.json')).toMatchObject({ code: 1 })
    expect(await keptFiles()).toEqual([])
  })

  test('is kept, the one before it too, and reset goes back', async () => {
    ask = () => Promise.resolve(true)
    expect(await run('update', 'list.json')).toMatchObject({ code: 0, out: expect.stringContaining('Taken') as string })
    expect((await run()).out).toContain(
      'Prices updated 2026-11-24 12:00 UTC from list.json: 43 providers, 1,695 models',
    )
    expect((await run('show', 'openai/gpt-5')).out).toContain('from the updated table\n  input                 1.5\n')
    await writeFile(join(folder, 'list.json'), liteLlm(2e-6))
    expect(await run('update', 'list.json', '--yes')).toMatchObject({ code: 0 })
    expect((await keptFiles()).toSorted()).toEqual(['prices.json', 'prices.previous.json'])
    expect(await json('show', 'openai/gpt-5')).toMatchObject({ prices: [{ now: { input: { usd: 2 } } }] })
    expect(await run('update', 'list.json', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining('say the same') as string,
    })
    expect(await run('reset')).toMatchObject({
      code: 0,
      out: expect.stringContaining('came with the gateway') as string,
    })
    expect(await keptFiles()).toEqual([])
    expect(await json('show', 'openai/gpt-5')).toMatchObject({ prices: [{ now: { input: { usd: 1.25 } } }] })
  })

  test('far off or too small is refused without --force', async () => {
    await writeFile(join(folder, 'list.json'), liteLlm(1.5e-3))
    expect(await run('update', 'list.json', '--yes')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/Refused: More than 100 times.*\nIf that is right, --force/) as string,
    })
    const few = unpack(bundledPrices).slice(0, 2)
    await writeFile(join(folder, 'few.json'), JSON.stringify(few))
    expect((await run('update', 'few.json', '--yes')).out).toMatch(/fewer than half/)
    expect(await keptFiles()).toEqual([])
    expect(await run('update', 'list.json', '--yes', '--force')).toMatchObject({ code: 0 })
    expect(await keptFiles()).toEqual(['prices.json'])
  })

  test.each(['-1', '1e999', '0.02'])('a price of %s USD per token is refused with --force too', async (price) => {
    await writeFile(
      join(folder, 'list.json'),
      liteLlm(1).replace('"input_cost_per_token":1,', `"input_cost_per_token":${price},`),
    )
    expect(await run('update', 'list.json', '--yes', '--force')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/Refused: These are no prices: openai\/gpt-5 input_mtok/) as string,
    })
    expect(await keptFiles()).toEqual([])
  })

  test('a list of the same format takes the place of the table', async () => {
    const list = unpack(bundledPrices).filter(({ id }) => id !== 'cursor')
    await writeFile(join(folder, 'whole.json'), JSON.stringify(list))
    const { out } = await run('update', 'whole.json', '--yes')
    expect(out).toContain('1,694 models now, 1,688 with this list (genai-prices): 0 changed, 0 added, 6 removed.')
    expect((await run('show', 'cursor/composer-2')).out).toContain('not known')
  })

  test('what cannot be read is said in a sentence', async () => {
    expect(await run('update', 'nothing.json', '--yes')).toEqual({
      code: 1,
      out: '',
      err: 'There is no file nothing.json.\n',
    })
    expect(await json('update', 'nothing.json')).toEqual({ error: 'There is no file nothing.json.' })
  })

  test('a damaged table does not keep it from working', async () => {
    await run('update', 'list.json', '--yes')
    await writeFile(join(folder, 'data', 'prices.json'), 'damaged')
    const { code, err } = await run('diff', 'list.json')
    expect(code).toBe(0)
    expect(err).toMatch(/^note: .*prices\.json cannot be used: it is no JSON/)
    expect(await run('update', 'list.json', '--yes')).toMatchObject({ code: 0 })
    expect((await run()).err).toBe('')
  })
})

describe('a gateway that runs', () => {
  let upstream: Upstream
  let gateway: TestGateway
  let server: Server
  let list: string

  beforeEach(async () => {
    server = createServer((_request, response) => response.end(list)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    upstream = await startUpstream()
    const models = ['gpt-5', 'gpt-new', 'gpt-unheard-of']
    const providers = [{ name: 'openai', apiKey: 'sk-x', baseUrl: `${upstream.url}/v1`, maxRetries: 0, models }]
    const pricing = { overrides: { 'gpt-5-own': { input: 1, output: 1 } } }
    gateway = await createTestGateway({ providers, pricing }, { dataFolder: join(folder, 'data') })
  })
  afterEach(async () => {
    await gateway.close()
    await upstream.close()
    server.close()
  })

  /** What a call with 1,000 tokens of input costs, as its client is told. */
  async function costOfCall(model: string): Promise<unknown> {
    const message = { role: 'assistant', content: 'Hi' }
    const usage = { prompt_tokens: 1000, completion_tokens: 0, total_tokens: 1000 }
    const body = {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage,
    }
    upstream.script(status(200, { body }))
    const payload = { model, messages: [{ role: 'user', content: 'Hi' }] }
    const reply = await gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', payload })
    expect(reply.statusCode, reply.body).toBe(200)
    return reply.headers['x-gateway-cost']
  }

  async function listed(): Promise<Record<string, Model['price']>> {
    const result = await gateway.api.call('models.list', {})
    if (!result.ok) throw new Error(result.error.message)
    const { models } = result.value as { models: Model[] }
    return Object.fromEntries(models.map(({ id, price }) => [id, price]))
  }

  test('takes up an update from an address by itself, in calls and in the list of models', async () => {
    expect(await costOfCall('gpt-5')).toBe('0.00125')
    expect(await costOfCall('gpt-new')).toBeUndefined()
    expect(await listed()).toMatchObject({ 'gpt-5': { input: 1.25 }, 'gpt-new': null, 'gpt-unheard-of': null })

    list = liteLlm(1.5e-6)
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prices.json?token=secret`
    expect(await run('update', address, '--yes')).toMatchObject({ code: 0 })
    expect(await readFile(join(folder, 'data', 'prices.json'), 'utf8')).not.toContain('secret')

    // Not in the very call that finds that it is time to look: no call waits for it.
    gateway.clock.advance(5000)
    await costOfCall('gpt-5')
    await expect.poll(() => costOfCall('gpt-5')).toBe('0.0015')
    expect(await costOfCall('gpt-new')).toBe('0.002')
    expect(await listed()).toMatchObject({
      'gpt-5': { input: 1.5 },
      'gpt-new': { input: 2, output: 4 },
      'gpt-unheard-of': null,
    })

    await run('reset')
    gateway.clock.advance(5000)
    expect(await listed()).toMatchObject({ 'gpt-5': { input: 1.25 }, 'gpt-new': null })
  })

  test('starts and counts with a damaged table', async () => {
    await gateway.close()
    list = 'x'
    await run('update', 'list.json', '--yes')
    await writeFile(join(folder, 'data', 'prices.json'), 'damaged')
    const lines: unknown[] = []
    const say = (_: object, text: string): void => void lines.push(text)
    const log = { debug: say, info: say, warn: say, error: say }
    const providers = [{ name: 'openai', apiKey: 'sk-x', baseUrl: `${upstream.url}/v1`, maxRetries: 0 }]
    gateway = await createTestGateway({ providers }, { dataFolder: join(folder, 'data'), log: log as never })
    expect(await costOfCall('gpt-5')).toBe('0.00125')
    expect(await costOfCall('gpt-5')).toBe('0.00125')
    expect(lines.filter((line) => String(line).includes('prices.json'))).toEqual([
      expect.stringContaining('The prices that came with the gateway are used.'),
    ])
  })
})
