import { RateLimitError } from 'openai'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

pagesSuite('the Budgets page', () => {
  let upstream: Upstream
  let dashboard: Dashboard
  let page: Page

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello.', { usage: { input: 1000, output: 1000 } }))
    dashboard = await startDashboard({
      config: {
        providers: [{ name: 'openai', apiKey: 'sk-made-up', baseUrl: `${upstream.url}/v1`, models: ['m', 'cheap'] }],
        routing: { modelMappings: { small: { provider: 'openai', model: 'cheap' } } },
        // A call costs 2 USD.
        pricing: { overrides: { m: { input: 1000, output: 1000 }, cheap: { input: 0, output: 0 } } },
      },
    })
    page = await dashboard.open('/budgets')
  })
  afterAll(async () => {
    await dashboard.close()
    await upstream.close()
  })

  const chat = () =>
    dashboard.client.chat.completions
      .create({ model: 'm', max_tokens: 1000, messages: [{ role: 'user', content: 'Hello' }] })
      .withResponse()

  test('an amount is saved, filled by calls, and holds', async () => {
    const row = page.getByRole('group', { name: 'Everybody' })
    await row.getByLabel('A day').fill('3.50')
    await row.getByLabel('A day').press('Enter')
    await expect
      .poll(() => dashboard.ask('budgets.get', {}))
      .toMatchObject({ settings: { all: { daily: 3.5e9 } }, states: [{ scope: 'all', spentNanoUsd: 0 }] })
    await chat()
    await row.getByText('$2.00 spent, 57 %').waitFor({ timeout: 10_000 })
    await chat()
    await page.getByText('The daily budget is used up until').waitFor({ timeout: 10_000 })
    await expect(chat()).rejects.toThrow(RateLimitError)
    await page.getByRole('progressbar', { name: /Everybody: A day/ }).waitFor()
  })

  test('a key of its own, and taken out again', async () => {
    await page.getByPlaceholder('Name of the key').fill('anonymous')
    await page.getByRole('button', { name: 'Add budget' }).click()
    const row = page.getByRole('group', { name: 'No key' })
    await row.getByLabel('A month').fill('100')
    await row.getByLabel('A month').press('Enter')
    // It knows what was spent before it was made.
    await row.getByText('$4.00 spent, 4 %').waitFor({ timeout: 10_000 })
    await row.getByRole('button', { name: 'Remove the budgets of No key' }).click()
    await expect.poll(async () => (await dashboard.ask('budgets.get', {})).settings.perKey).toEqual({})
  })

  test('a cheaper alias answers when told so', async () => {
    await page.getByRole('radio', { name: 'Ask a cheaper alias' }).click()
    await expect
      .poll(async () => (await dashboard.ask('budgets.get', {})).settings.action)
      .toEqual({ degrade: 'small' })
    const { response } = await chat()
    expect(response.headers.get('x-gateway-model')).toBe('cheap')
  })

  test('the Overview shows the month against its budget', async () => {
    const row = page.getByRole('group', { name: 'Everybody' })
    await row.getByLabel('A month').fill('40')
    await row.getByLabel('A month').press('Enter')
    await expect.poll(async () => (await dashboard.ask('budgets.get', {})).settings.all.monthly).toBe(40e9)
    await page.goto(`${dashboard.gateway.url}/ui/#/`)
    await page.getByText('of $40.00').waitFor()
  })
})
