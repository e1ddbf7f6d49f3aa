import { BadRequestError } from 'openai'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { seriousViolations } from './axe.ts'
import { startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

const mail = 'jane@example.com'

pagesSuite('the Guards page', () => {
  let upstream: Upstream
  let dashboard: Dashboard
  let page: Page

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello.'))
    dashboard = await startDashboard({
      config: {
        providers: [{ name: 'openai', apiKey: 'sk-made-up', baseUrl: `${upstream.url}/v1`, models: ['m'] }],
      },
    })
    page = await dashboard.open('/guards', { reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await dashboard.close()
    await upstream.close()
  })

  const guards = async () => (await dashboard.ask('guards.get', {})).guards
  const chat = () =>
    dashboard.client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: `Write to ${mail}` }],
    })

  test('a suggestion is taken', async () => {
    await page.getByRole('button', { name: /^Secrets in requests/ }).click()
    await expect.poll(guards).toMatchObject([{ check: 'secrets' }])
  })

  test('another is added, once it has all it needs', async () => {
    await page.getByRole('button', { name: 'Add a guard' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('no spaces here')
    await dialog.getByRole('button', { name: 'Add the guard' }).click()
    await expect.poll(() => dialog.locator('[aria-invalid=true]').count()).toBe(1)
    await dialog.getByLabel('Name').fill('mine')
    await choose(dialog.getByLabel('Looks for'), 'Personal data')
    await choose(dialog.getByLabel('What is done'), 'Take it out')
    expect(await seriousViolations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add the guard' }).click()
    await expect.poll(async () => (await guards())[1]).toMatchObject({ name: 'mine', check: 'pii', action: 'redact' })
    await chat()
    expect(JSON.stringify(upstream.requests.at(-1)?.body)).toContain('[redacted:email]')
  })

  const choose = async (select: ReturnType<Page['getByLabel']>, option: string) => {
    await select.click()
    await page.getByRole('option', { name: option }).click()
  }

  test('a text is tried, and shows what would go on', async () => {
    await page.getByLabel(/^Text/).fill(`Write to ${mail} today`)
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.locator('mark', { hasText: mail }).waitFor()
    await page.getByText('Write to [redacted:email] today').waitFor()
    expect(await seriousViolations(page)).toEqual([])
  })

  test('one that is changed to block refuses the next call', async () => {
    await page.getByRole('button', { name: 'Change mine' }).click()
    const dialog = page.getByRole('dialog', { name: 'Guard mine' })
    await choose(dialog.getByLabel('What is done'), 'Refuse the call')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await guards())[1]).toMatchObject({ name: 'mine', action: 'block' })
    await expect(chat()).rejects.toThrow(BadRequestError)
  })

  test('one that is removed looks at nothing any more', async () => {
    await page.getByRole('button', { name: 'Remove mine' }).click()
    await expect.poll(async () => (await guards()).map(({ name }) => name)).not.toContain('mine')
    await chat()
    expect(JSON.stringify(upstream.requests.at(-1)?.body)).toContain(mail)
  })
})
