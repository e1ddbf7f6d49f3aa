import { RateLimitError } from 'openai'
import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { adminToken, startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

const givenKey = 'sk-given-secret-4711-wxyz'
const typedKey = 'sk-typed-secret-0815-abcd'

pagesSuite('what is changed at /ui/ counts at once', () => {
  let upstream: Upstream
  let lab: Upstream
  let dashboard: Dashboard
  let page: Page

  beforeAll(async () => {
    upstream = await startUpstream()
    lab = await startUpstream()
    dashboard = await startDashboard({
      config: {
        providers: [
          { name: 'openai', apiKey: givenKey, baseUrl: `${upstream.url}/v1`, models: ['gpt-4o'], maxRetries: 0 },
        ],
      },
    })
    page = await dashboard.open('/')
  })
  beforeEach(() => {
    upstream.reset()
    lab.reset()
    upstream.on(/./, text('Hello from openai.', { usage: { input: 1000, output: 500 } }))
    lab.on(/./, text('Hello from the lab.', { usage: { input: 100, output: 50 } }))
  })
  afterAll(async () => {
    await dashboard.close()
    await Promise.all([upstream.close(), lab.close()])
  })

  const go = (path: string) => page.goto(`${dashboard.gateway.url}/ui/#${path}`)
  const said = (words: string | RegExp) => page.getByRole('listitem').filter({ hasText: words }).first()
  const chat = (model: string, content = 'Hello') =>
    dashboard.client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
  const answer = async (model: string) => (await chat(model)).choices[0]?.message.content

  test('a provider is added with a key, tested before and after, and its models are listed', async () => {
    await go('/providers')
    await page.getByRole('button', { name: 'Add provider' }).click()
    await page.getByLabel('Search providers').fill('compatible')
    await page.getByRole('button', { name: 'OpenAI-compatible server' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name').fill('lab')
    await form.getByLabel('Base URL').fill(`${lab.url}/v1`)
    await form.getByText('File on this machine').click()
    await form.getByLabel(/^Key/).fill(typedKey)

    await form.getByRole('button', { name: 'Test' }).click()
    await form.getByText(/It answers.*1 model/).waitFor()
    expect(lab.requests[0]?.headers.authorization).toBe(`Bearer ${typedKey}`)

    // Nothing is written into a file before the user has agreed to that.
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Tick the box below').waitFor()
    expect((await dashboard.ask('providers.list', {})).providers).toHaveLength(1)
    await form.getByRole('checkbox', { name: /file that only I can read/ }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'hidden' })

    const row = page.getByRole('listitem').filter({ has: page.getByText('lab', { exact: true }) })
    await row.getByText('…abcd').waitFor()
    await row.getByRole('button', { name: 'Test' }).click()
    await row.getByText(/It answers.*1 model/).waitFor()
    expect(await answer('lab/gpt-4o')).toBe('Hello from the lab.')
    expect(lab.requests.at(-1)?.headers.authorization).toBe(`Bearer ${typedKey}`)

    await go('/models?tab=models')
    const table = page.getByRole('table', { name: 'All models' })
    await table.getByRole('row').filter({ hasText: 'lab' }).filter({ hasText: 'gpt-4o' }).waitFor()
    await table.getByRole('row').filter({ hasText: 'openai' }).filter({ hasText: 'gpt-4o' }).waitFor()
  })

  test('an alias is there for the next call, and gone again when that is undone', async () => {
    await go('/models')
    await page.getByRole('button', { name: 'New alias' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name').fill('quick')
    if ((await form.getByLabel('Model').count()) === 0) await form.getByRole('button', { name: 'Add a target' }).click()
    await form.getByRole('combobox', { name: 'Provider' }).click()
    await page.getByRole('option', { name: 'lab', exact: true }).click()
    await form.getByLabel('Model', { exact: true }).fill('gpt-4o')
    await form.getByRole('button', { name: 'Save' }).click()
    await said('The alias quick is saved').waitFor()
    expect(await answer('quick')).toBe('Hello from the lab.')
    expect(lab.requests.at(-1)?.body['model']).toBe('gpt-4o')

    await said('The alias quick is saved').getByRole('button', { name: 'Undo' }).click()
    await said('Undone').waitFor()
    await page.getByText('quick', { exact: true }).waitFor({ state: 'detached' })
    expect((await dashboard.ask('aliases.list', {})).aliases).toEqual([])
    // The lab lists no models in the configuration, so it is asked for anything nobody else has: now for the name itself.
    await answer('quick')
    expect(lab.requests.at(-1)?.body['model']).toBe('quick')
  })

  test('the cache: on, hit, cleared', async () => {
    await go('/cache')
    await page.getByRole('switch', { name: 'Keep answers' }).click()
    await expect.poll(async () => (await dashboard.ask('cache.get', {})).enabled).toBe(true)
    const ask = async () => (await chat('openai/gpt-4o', 'Twice').withResponse()).response.headers.get('x-cache')
    expect([await ask(), await ask()]).toEqual(['MISS', 'HIT'])
    expect(upstream.requests).toHaveLength(1)

    const kept = page.getByRole('table', { name: 'Cached answers by model' })
    await kept.getByRole('row').filter({ hasText: 'gpt-4o' }).waitFor()
    await page.getByText('$0.0075').first().waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: 'Clear' }).click()
    await page.getByText('Nothing is kept yet').waitFor()
    expect(await ask()).toBe('MISS')

    await page.getByRole('switch', { name: 'Keep answers' }).click()
    await expect.poll(async () => (await dashboard.ask('cache.get', {})).enabled).toBe(false)
  })

  test('a limit is saved, and the call past it refused with 429', async () => {
    await go('/limits')
    const row = page.getByRole('group', { name: 'Everybody' })
    await row.getByLabel('Requests').fill('2')
    await row.getByLabel('Requests').press('Enter')
    await page.getByRole('switch', { name: 'Apply limits' }).click()
    await expect.poll(() => dashboard.ask('limits.get', {})).toMatchObject({ enabled: true, global: { requests: 2 } })

    const outcomes = []
    for (let count = 0; count < 4; count += 1)
      outcomes.push(await chat('openai/gpt-4o').catch((error: unknown) => error))
    const refused = outcomes.filter((outcome) => outcome instanceof RateLimitError)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused[0]?.status).toBe(429)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(outcomes.at(-1)).toBe(refused.at(-1))

    await page.getByRole('switch', { name: 'Apply limits' }).click()
    await expect.poll(async () => (await dashboard.ask('limits.get', {})).enabled).toBe(false)
    expect(await answer('openai/gpt-4o')).toBe('Hello from openai.')
  })

  test('no key was in a page, an answer or an event on the way', async () => {
    for (const path of ['/providers', '/providers?provider=lab', '/traffic']) {
      await go(path)
      await page.locator('h1').waitFor()
      expect(await page.content()).not.toMatch(new RegExp(`${givenKey}|${typedKey}|${adminToken}`))
    }
    const answers = dashboard.answers.join('\n')
    expect(answers).toContain('"endsWith":"abcd"')
    for (const secret of [givenKey, typedKey, adminToken]) {
      expect(answers).not.toContain(secret)
      expect(dashboard.gateway.output()).not.toContain(secret)
    }
  })
})
