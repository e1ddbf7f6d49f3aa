import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { seriousViolations } from './axe.ts'
import { startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

const first = 'How do I reset my password?'
const second = 'How can I reset my password?'

/** Every question has the same vector at this provider: what keeps them apart is their text. */
pagesSuite('similar questions, on the Cache page', () => {
  let upstream: Upstream
  let dashboard: Dashboard
  let page: Page

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/chat/, text('Press the button.'))
    const models = ['m', 'text-embedding-3-small']
    dashboard = await startDashboard({
      config: {
        cache: { enabled: true },
        providers: [{ name: 'openai', apiKey: 'sk-made-up', baseUrl: `${upstream.url}/v1`, models }],
      },
    })
    page = await dashboard.open('/cache', { reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await dashboard.close()
    await upstream.close()
  })

  const semantic = async () => (await dashboard.ask('cache.get', {})).semantic
  const ask = async (content: string) => {
    const asked = dashboard.client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] })
    const { response } = await asked.withResponse()
    return response.headers.get('x-cache')
  }

  test('nothing is compared until somebody turns it on, for names and with a model', async () => {
    expect(await semantic()).toBeNull()
    await page.getByRole('button', { name: 'Turn it on…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Turn it on' }).click()
    await expect.poll(() => dialog.locator('[aria-invalid=true]').count()).toBe(3)
    await dialog.getByLabel('Aliases and models').fill('m')
    await dialog.getByLabel('Vectors come from').click()
    await page.getByRole('option', { name: 'openai' }).click()
    await dialog.getByLabel('Its model').fill('text-embedding-3-small')
    await dialog.getByLabel('Its model').press('Tab')
    expect(await seriousViolations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Turn it on' }).click()
    await expect.poll(semantic).toMatchObject({ aliases: ['m'], embedding: { provider: 'openai' }, threshold: 0.92 })
  })

  test('two questions are compared, by their words as well', async () => {
    const compare = async (other: string) => {
      await page.getByLabel('First').fill(first)
      await page.getByLabel('Second').fill(other)
      await page.getByRole('button', { name: 'Compare', exact: true }).click()
    }
    await compare(second)
    await page.getByText('Similarity 1.000: the second would get the first one’s answer.').waitFor()
    await compare('How do I not reset my password?')
    await page.getByText('the second would be asked anew:').waitFor()
    expect(await seriousViolations(page)).toEqual([])
  })

  test('an answer that was used again is shown with both questions’ calls', async () => {
    expect([await ask(first), await ask(second)]).toEqual(['MISS', 'SEMANTIC'])
    await page.getByRole('group', { name: 'Answered today' }).or(page.getByText('1 this month')).first().waitFor()
    await expect.poll(async () => (await semantic())?.hits.today).toBe(1)
  })

  test('turned off, questions are asked again', async () => {
    await page.getByRole('button', { name: 'Turn it off' }).click()
    await expect.poll(semantic).toBeNull()
    expect(await ask('How could I reset my password?')).toBe('MISS')
  })
})
