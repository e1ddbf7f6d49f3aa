import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGatewayProcess } from '../helpers/gateway.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { adminToken, startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

const referredKey = 'sk-referred-secret-4711-wxyz'
const writtenKey = 'sk-written-secret-0815-abcd'

pagesSuite('the configuration out and in, and diagnostics', () => {
  let upstream: Upstream
  let dashboard: Dashboard

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('The same answer.', { usage: { input: 1000, output: 500 } }))
    dashboard = await startDashboard({
      env: { WORK_KEY: referredKey },
      config: {
        providers: [
          { name: 'openai', apiKey: '${WORK_KEY}', baseUrl: `${upstream.url}/v1`, models: ['gpt-4o'] },
          { name: 'lab', type: 'openai-compatible', apiKey: writtenKey, baseUrl: `${upstream.url}/lab/v1` },
        ],
        routing: {
          modelMappings: {
            fast: { provider: 'openai', model: 'gpt-4o' },
            deep: { provider: 'lab', model: 'gpt-4o' },
          },
        },
      },
    })
  })
  afterAll(async () => {
    await dashboard.close()
    await upstream.close()
  })

  /** What the provider was asked with, and what the client was told. */
  async function askAt(url: string, model: string) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'not-needed', maxRetries: 0 })
    const { choices } = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] })
    const asked = upstream.requests.at(-1)
    return {
      answer: choices[0]?.message.content,
      ...{ path: asked?.path, authorization: asked?.headers.authorization, body: asked?.body },
    }
  }

  test('what is exported runs elsewhere and answers the same', async () => {
    const page = await dashboard.open('/transfer')
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await page.getByRole('button', { name: 'Copied' }).first().waitFor()
    const yaml = (await page.evaluate('navigator.clipboard.readText()')) as string
    expect(yaml).not.toMatch(/secret/)
    const file = join(dashboard.dataDir, 'exported.yaml')
    await writeFile(file, yaml)
    const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
    expect(names).toEqual(['WORK_KEY', 'LAB_API_KEY'])

    const elsewhere = await startGatewayProcess({
      config: yaml,
      env: { WORK_KEY: referredKey, LAB_API_KEY: writtenKey },
    })
    try {
      for (const model of ['fast', 'deep', 'gpt-4o']) {
        const here = await askAt(dashboard.gateway.url, model)
        expect(here.answer).toBe('The same answer.')
        expect(await askAt(elsewhere.url, model)).toEqual(here)
      }
    } finally {
      await elsewhere.stop()
    }
    await page.context().close()
  })

  test('a broken file says where, changes nothing, and is imported once it is mended', async () => {
    const page = await dashboard.open('/transfer?tab=import')
    const field = page.getByLabel('Text of the configuration')
    const broken = `providers:
  - name: openai
    apiKey: \${WORK_KEY}
    baseUrl: ${upstream.url}/v1
    timeout: 60
routing:
  modelMapings:
    fast: { provider: openai, model: gpt-4o }
`
    await field.fill(broken)
    const problems = page.getByRole('alert')
    await problems.getByRole('button', { name: 'Line 5' }).waitFor()
    await problems.getByRole('button', { name: 'Line 7' }).waitFor()
    await problems.getByText(/modelMappings/).waitFor()
    expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
    expect((await dashboard.ask('aliases.list', {})).aliases.map(({ name }) => name)).toEqual(['fast', 'deep'])

    await field.fill(broken.replace('timeout: 60', 'timeout: 60s').replace('modelMapings', 'modelMappings'))
    await problems.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('Imported').waitFor()
    expect((await dashboard.ask('aliases.list', {})).aliases.map(({ name }) => name)).toEqual(['fast'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await dashboard.ask('aliases.list', {})).aliases.length).toBe(2)
    await page.context().close()
  })

  test('diagnostics come to an end and tell no secret', async () => {
    const page = await dashboard.open('/diagnostics')
    const checks = page.getByRole('list', { name: 'Checks' })
    await checks.getByText('Data folder', { exact: true }).waitFor()
    await page.getByRole('heading', { name: 'Report' }).waitFor()
    const report = await page.getByLabel('Copy the report').first().innerText()
    expect(report).toMatch(/openai/)
    for (const shown of [report, await page.content(), dashboard.answers.join('\n')]) {
      for (const secret of [referredKey, writtenKey, adminToken]) expect(shown).not.toContain(secret)
    }
    await page.context().close()
  })
})
