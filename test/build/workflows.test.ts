import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { source } from '../../build/bundle.ts'

interface Workflow {
  on: Record<string, unknown>
  permissions: Record<string, string>
  jobs: Record<
    string,
    { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: { run?: string; with?: object }[] }
  >
}

const folder = source('.github/workflows')
const names = readdirSync(folder)

describe.each(names)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8')
  const workflow = parse(text) as Workflow

  test('pins every action by its commit, and says which version that is', () => {
    const uses = text.split('\n').filter((line) => line.includes('uses:'))
    expect(uses.length).toBeGreaterThan(0)
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('may read, and a job that may more says so itself', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const more = Object.entries(workflow.jobs).flatMap(([job, { permissions }]) =>
      permissions ? [[job, permissions]] : [],
    )
    expect(more).toEqual(name === 'release.yml' ? [['publish', { contents: 'write' }]] : [])
  })

  test('leaves no credentials behind, and every job ends', () => {
    const checkouts = text.split('\n').filter((line) => line.includes('actions/checkout@')).length
    expect(text.match(/persist-credentials: false/g)?.length).toBe(checkouts)
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(60)
  })

  test('runs scripts that there are', () => {
    const commands = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''))
    const scripts = commands.flatMap((run) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? ''))
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script)
    const files = commands.flatMap((run) =>
      [...run.matchAll(/node (build\/[\w-]+\.ts)/g)].map(([, file]) => file ?? ''),
    )
    for (const file of files) expect(() => readFileSync(source(file)), file).not.toThrow()
  })
})

test('nothing that a fork’s pull request starts has a secret', () => {
  const withSecrets = names.filter((name) => readFileSync(join(folder, name), 'utf8').includes('secrets.'))
  expect(withSecrets).toEqual(['release.yml'])
  const { on } = parse(readFileSync(join(folder, 'release.yml'), 'utf8')) as Workflow
  expect(Object.keys(on)).toEqual(['push'])
})
