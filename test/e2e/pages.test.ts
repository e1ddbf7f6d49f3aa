import { afterAll, beforeAll, expect, test } from 'vitest'
import { pausedStream } from '../helpers/upstream-faults.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { adminToken, startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

const upstreamKey = 'sk-upstream-secret-4711-wxyz'

pagesSuite('the pages at /ui/', () => {
  let upstream: Upstream
  let dashboard: Dashboard

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello from the mock.', { usage: { input: 1000, output: 500 } }))
    dashboard = await startDashboard({
      config: {
        providers: [
          { name: 'openai', apiKey: upstreamKey, baseUrl: `${upstream.url}/v1`, models: ['gpt-4o'], maxRetries: 0 },
        ],
      },
    })
  })
  afterAll(async () => {
    await dashboard.close()
    await upstream.close()
  })

  const chat = (model = 'gpt-4o') =>
    dashboard.client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] })

  test('signing in: a wrong token is told so, the right one opens the window', async () => {
    const page = await dashboard.open('/', { isSignedIn: false })
    const field = page.getByLabel('Admin token')
    await field.fill('not-the-token-0123456789')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: /token/i }).waitFor()
    expect(await page.getByRole('alert').innerText()).not.toMatch(/\b401\b|undefined|Error:/)
    expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0)

    await field.fill(adminToken)
    await field.press('Enter')
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    // It stays for the tab, and for no longer.
    await page.reload()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    await page.context().close()
  })

  test('a call of the SDK appears at once in Traffic with its cost, and on Overview', async () => {
    const traffic = await dashboard.open('/traffic')
    await traffic.getByText('No calls yet').or(traffic.getByRole('grid')).first().waitFor()
    const overview = await dashboard.open('/')
    await overview.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    const before = await dashboard.ask('status.get', {})

    await chat()

    // 1,000 x $2.50 / 1M + 500 x $10 / 1M
    const row = traffic.getByRole('row').filter({ hasText: 'gpt-4o' }).first()
    await row.getByText('$0.0075', { exact: true }).waitFor()
    const spent = before.todayCostNanoUsd + 7_500_000
    await expect.poll(async () => (await dashboard.ask('status.get', {})).todayCostNanoUsd).toBe(spent)
    const figures = overview.getByRole('region', { name: /^Figures/ })
    await figures.getByText('$0.0075', { exact: true }).waitFor()
    await figures.getByText('1.5k tokens').waitFor()

    await row.click()
    await traffic.getByRole('tab', { name: 'Cost' }).click()
    const cost = traffic.getByRole('tabpanel', { name: 'Cost' })
    await cost.getByText('$0.0075').first().waitFor()
    expect(await cost.innerText()).toMatch(/1,000.*\$2\.50? \/ 1M/s)
    await Promise.all([traffic.context().close(), overview.context().close()])
  })

  test('the playground writes as the answer comes, and shows what it cost', async () => {
    const { promise, resolve: goOn } = Promise.withResolvers<void>()
    const told = { text: 'Once upon a time, and to the end.', usage: { input: 1000, output: 500 } }
    // The opening and three pieces of five letters, then nothing until it is told to go on.
    upstream.on('chat/completions', pausedStream(promise, 4, told))
    const page = await dashboard.open('/playground')
    await page
      .getByRole('button', { name: /^Model: / })
      .filter({ hasText: 'gpt-4o' })
      .waitFor()
    await page.getByLabel('Message').fill('Say hello')
    await page.getByRole('button', { name: 'Send' }).click()
    const answer = page.getByRole('article', { name: /^Answer of/ })
    await answer.getByText('Once upon a tim', { exact: true }).waitFor()
    expect(await answer.getAttribute('aria-busy')).toBe('true')
    goOn()
    await answer.getByText('Once upon a time, and to the end.', { exact: true }).waitFor()
    await answer.getByText('$0.0075').waitFor()
    await answer.getByRole('link', { name: 'Open in Traffic' }).click()
    await page.getByRole('tab', { name: 'Summary' }).waitFor()
    await page.getByRole('tab', { name: 'Cost' }).click()
    await page.getByRole('tabpanel', { name: 'Cost' }).getByText('$0.0075').first().waitFor()
    await page.context().close()
  })

  test('no page shows a key or the token, and no answer to a page has one', async () => {
    const page = await dashboard.open('/')
    for (const path of [
      '/',
      '/traffic',
      '/providers',
      '/providers?provider=openai',
      '/settings',
      '/transfer',
      '/diagnostics',
    ]) {
      await page.goto(`${dashboard.gateway.url}/ui/#${path}`)
      await page.locator('h1').waitFor()
      await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
      expect(await page.content()).not.toMatch(new RegExp(`${upstreamKey}|${adminToken}`))
    }
    const answers = dashboard.answers.join('\n')
    expect(answers).toContain('"ok":true')
    expect(answers).toContain('event: calls')
    expect(answers).not.toContain(upstreamKey)
    expect(answers).not.toContain(adminToken)
    await page.context().close()
  })
})
