import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { scrapeRunningGateway, type Scrape } from './metrics-scrape.ts'
import { askedSeries, groupedLabels } from './promql.ts'

const rule = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})
const ruleFile = z.object({ groups: z.array(z.object({ rules: z.array(rule) })) })
const rules = ruleFile
  .parse(parse(await readFile('deploy/prometheus/alerts.yaml', 'utf8')))
  .groups.flatMap((group) => group.rules)
const alerts = rules.flatMap(({ alert, ...rest }) => (alert === undefined ? [] : [{ alert, ...rest }]))
const recorded = new Set(rules.flatMap(({ record }) => record ?? []))

const datasource = z.object({ type: z.literal('prometheus'), uid: z.literal('${datasource}') })
const panel = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  datasource: datasource.optional(),
  targets: z.array(z.object({ expr: z.string(), refId: z.string(), datasource })).optional(),
})
const dashboardFile = z.object({
  uid: z.string(),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.string(), definition: z.string().optional() })),
  }),
  annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
  panels: z.array(panel),
})
const dashboard = dashboardFile.parse(JSON.parse(await readFile('deploy/grafana/dashboard.json', 'utf8')))
const queries = dashboard.panels.flatMap(({ title, targets }) =>
  (targets ?? []).map(({ expr, refId }): [string, string] => [`${title} ${refId}`, expr]),
)
const annotationQueries = dashboard.annotations.list.map(({ expr }): [string, string] => ['starts', expr])

/** The series of a scrape get these from Prometheus. */
const labelsOfPrometheus = ['job', 'instance', 'namespace']

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined
if (!hasPromtool) console.log('metrics: promtool is not here, so rules are not checked (apt-get install prometheus)')

function promtool(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

describe.skipIf(!hasPromtool)('promtool', () => {
  test('the rules are good', () => {
    const { status, output } = promtool('check', 'rules', 'deploy/prometheus/alerts.yaml')
    expect(output).toContain(`SUCCESS: ${rules.length} rules found`)
    expect(status).toBe(0)
  })

  test('alerts fire when they should, and not before', () => {
    const { status, output } = promtool('test', 'rules', 'deploy/prometheus/alerts-test.yaml')
    expect(output).toMatch(/^Unit Testing: .*\n +SUCCESS\n*$/)
    expect(status).toBe(0)
  })

  test('what the dashboard asks is PromQL', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const asRules = [...queries, ...annotationQueries].map(([, expr], index) => ({
      record: `query_${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '6h'),
    }))
    const file = join(folder, 'queries.yaml')
    await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules: asRules }] }))
    expect(promtool('check', 'rules', file)).toMatchObject({ status: 0 })
  })
})

describe('names', () => {
  let scrape: Scrape = { samples: new Map(), unseen: [] }
  beforeAll(async () => {
    scrape = await scrapeRunningGateway()
  })

  const ofRules = rules.map(({ alert, record, expr }): [string, string] => [alert ?? record ?? '', expr])

  test.each([...ofRules, ...queries, ...annotationQueries])('%s: a gateway has what is asked for', (_, expr) => {
    const { samples, unseen } = scrape
    const series = askedSeries(expr)
    expect(series).not.toEqual([])
    const ofGateway = series.filter(({ name }) => name !== 'up' && !recorded.has(name) && !unseen.includes(name))
    expect(ofGateway.filter(({ name }) => !samples.has(name))).toEqual([])
    for (const { name, labels } of ofGateway) {
      const known = [...labelsOfPrometheus, ...(samples.get(name) ?? [])]
      expect(known, name).toEqual(expect.arrayContaining(labels))
    }
    if (series.some(({ name }) => unseen.includes(name))) return
    const everyLabel = new Set([...labelsOfPrometheus, ...[...samples.values()].flatMap((labels) => [...labels])])
    expect([...everyLabel]).toEqual(expect.arrayContaining(groupedLabels(expr)))
  })

  test('all that the gateway counts is on the dashboard', () => {
    const asked = new Set(queries.flatMap(([, expr]) => askedSeries(expr)).map(({ name }) => name))
    const counted = [...scrape.samples.keys(), ...scrape.unseen].filter((name) =>
      /^llm_gateway_.*(?<!_sum|_count)$/.test(name),
    )
    expect(counted.filter((name) => !asked.has(name))).toEqual([])
  })

  test('nearly all of it is really seen', () => {
    expect(['llm_gateway_guard_findings_total']).toEqual(expect.arrayContaining(scrape.unseen))
  })
})

describe('alerts', () => {
  test.each(alerts)('$alert has its severity, its words and its page', async ({ alert, labels, annotations = {} }) => {
    expect(['critical', 'warning', 'info']).toContain(labels?.['severity'])
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook_url'])
    const page = `docs/runbook/${alert}.md`
    expect(annotations['runbook_url']).toBe(page)
    expect(existsSync(page)).toBe(true)
    const headings = [...(await readFile(page, 'utf8')).matchAll(/^#+ .*$/gm)].map(([line]) => line)
    expect(headings).toEqual([
      `# ${alert}`,
      '## What it means',
      '## How to look',
      '## What to do',
      '## How to tell that it is over',
    ])
  })

  test('every page has its alert', async () => {
    const pages = (await readdir('docs/runbook')).map((file) => file.replace('.md', ''))
    expect(pages.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted())
  })

  test('each one is seen to fire', async () => {
    const fired = await readFile('deploy/prometheus/alerts-test.yaml', 'utf8')
    expect(alerts.filter(({ alert }) => !fired.includes(`alertname="${alert}"`))).toEqual([])
  })

  test('pages name only metrics there are', async () => {
    const { createFamilies } = await import('../../gateway/telemetry/families.ts')
    const families = Object.values(createFamilies()).map(({ name }) => name)
    for (const { alert } of alerts) {
      const page = await readFile(`docs/runbook/${alert}.md`, 'utf8')
      const named = [...page.matchAll(/\bllm_gateway[_:][\w:]+/g)].map(([name]) => name.replace(/_bucket$/, ''))
      expect(named.filter((name) => !families.includes(name) && !recorded.has(name))).toEqual([])
    }
  })
})

describe('dashboard', () => {
  test('its panels have a place and a number of their own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    const taken = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.get(`${x},${y}`), title).toBeUndefined()
          taken.set(`${x},${y}`, title)
        }
      }
    }
  })

  test('it has a row for each thing to look at, and asks the data source that is chosen', () => {
    expect(dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Traffic',
      'Latency',
      'Money',
      'Cache',
      'Limits and budgets',
      'Providers',
      'Process',
    ])
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' })
    for (const [title, expr] of queries) expect(expr, title).toContain('job=~"$job",instance=~"$instance"')
  })
})
