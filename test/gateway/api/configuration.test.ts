import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../../../gateway/api/api.ts'
import { yamlHome } from '../../../gateway/config/yaml-home.ts'
import type { MethodInput, MethodName } from '../../../gateway/contract.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { memorySecrets } from './memory-configuration.ts'

/** A hasty user and a hostile one, on the whole gateway with a file. */

const text = `# mine
providers:
  - { name: a, type: openai, apiKey: sk-literal-secret-0123456789, models: [m] }
  - { name: b, type: openai, apiKey: "\${B_KEY}", models: [m] }
  - { name: c, type: openai, models: [m] }
logging: { level: silent }
`
const key = 'sk-first-0123456789'

let folder: string
let file: string
let gateway: TestGateway
let secrets: ReturnType<typeof memorySecrets>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-gateway-hasty-'))
  file = join(folder, 'gateway.yaml')
  await writeFile(file, text)
  secrets = memorySecrets()
  await secrets.set('B_KEY', key)
  const home = yamlHome({ file, secrets, env: {}, knownProviders: providerRows })
  gateway = await createTestGateway(text.replace('${B_KEY}', key), { home, secrets })
})

afterEach(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function attempt<Name extends MethodName>(name: Name, input: MethodInput<Name>): ReturnType<Api['call']> {
  return gateway.api.call(name, input)
}

async function call<Name extends MethodName>(name: Name, input: MethodInput<Name>): Promise<{ undo: string }> {
  const answer = await attempt(name, input)
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return answer.value as { undo: string }
}

const fileNow = (): Promise<string> => readFile(file, 'utf8')
const namesNow = async (): Promise<string[]> =>
  [...(await fileNow()).matchAll(/name: (\w+)/g)].map(([, name]) => name ?? '')

describe('edits at the same time', () => {
  test('a double click on remove removes one provider, not the next one too', async () => {
    const answers = await Promise.all([
      attempt('providers.remove', { name: 'a' }),
      attempt('providers.remove', { name: 'a' }),
    ])
    expect(answers.map(({ ok }) => ok)).toEqual([true, false])
    expect(await namesNow()).toEqual(['b', 'c'])
  })

  test('an edit that was made while a provider before it goes is still of the provider it names', async () => {
    await Promise.all([call('providers.remove', { name: 'a' }), call('providers.save', { name: 'b', maxRetries: 7 })])
    expect(await fileNow()).toMatch(/name: b,[^\n]*maxRetries: 7/)
    expect(await fileNow()).not.toMatch(/name: c,[^\n]*maxRetries/)
  })

  test('a key that is set while a provider before it goes is not given to another', async () => {
    await Promise.all([
      call('providers.remove', { name: 'a' }),
      call('keys.set', { provider: 'b', key: 'sk-new-0123456789' }),
    ])
    expect(await fileNow()).not.toMatch(/name: c,[^\n]*apiKey/)
  })

  test('two keys that are set at once get two names', async () => {
    await call('keys.remove', { provider: 'a' })
    await Promise.all([
      call('keys.set', { provider: 'a', key: 'sk-for-a-0123456789' }),
      call('keys.set', { provider: 'c', key: 'sk-for-c-0123456789' }),
    ])
    const values = [...secrets.kept.values()].map(({ value }) => value)
    expect(values).toEqual(expect.arrayContaining(['sk-for-a-0123456789', 'sk-for-c-0123456789']))
  })
})

describe('taking back the removal of a key', () => {
  test('the key survives an undo that has to wait for a later one', async () => {
    const first = await call('keys.remove', { provider: 'b' })
    const later = await call('providers.save', { name: 'c', maxRetries: 1 })
    expect((await attempt('config.undo', first)).ok).toBe(false)
    await call('config.undo', later)
    await call('config.undo', first)
    expect(secrets.kept.get('B_KEY')?.value).toBe(key)
  })

  test('a double click brings the key back', async () => {
    const { undo } = await call('keys.remove', { provider: 'b' })
    const answers = await Promise.all([attempt('config.undo', { undo }), attempt('config.undo', { undo })])
    expect(answers.map(({ ok }) => ok)).toEqual([true, false])
    expect(secrets.kept.get('B_KEY')?.value).toBe(key)
  })

  test('an undo that is refused leaves the key that has come since', async () => {
    const { undo } = await call('keys.remove', { provider: 'b' })
    await secrets.set('B_KEY', 'sk-newer-0123456789')
    await call('providers.save', { name: 'c', maxRetries: 1 })
    expect((await attempt('config.undo', { undo })).ok).toBe(false)
    expect(secrets.kept.get('B_KEY')?.value).toBe('sk-newer-0123456789')
  })
})

describe('a file that was broken by hand', () => {
  const broken: [string, string][] = [
    ['no YAML', `${text}\n  broken: [\n`],
    ['an unknown key', `${text}unknown: 1\n`],
    ['a key under another name', text.replace('apiKey: sk', 'apikey: sk')],
    ['more than the memory holds', `${text}x: &x [*x]\n`],
  ]
  test.each(broken)('%s: is neither exported nor replaced', async (_name, yaml) => {
    await writeFile(file, yaml)
    const exported = await attempt('config.export', {})
    expect(exported.ok).toBe(false)
    expect(JSON.stringify(exported)).not.toContain('sk-literal')
    expect((await attempt('config.import', { yaml: 'logging: { level: silent }\n' })).ok).toBe(false)
    expect((await attempt('providers.save', { name: 'c', maxRetries: 1 })).ok).toBe(false)
    expect(await fileNow()).toBe(yaml)
  })

  test('a good one is replaced, and that can be taken back', async () => {
    const { undo } = await call('config.import', { yaml: '# other\nlogging: { level: silent }\n' })
    expect(await fileNow()).toBe('# other\nlogging: { level: silent }\n')
    await call('config.undo', { undo })
    expect(await fileNow()).toBe(text)
  })
})

describe('texts that would hold everybody up', () => {
  const start = 'providers:\n  - name: a\n'
  const rows: [string, string, string][] = [
    [
      'a thousand and one laughs',
      'a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      'not valid YAML',
    ],
    ['one that holds itself', 'a: &a\n  b: *a\n', 'not valid YAML'],
    ['references that are never closed', `${start}    baseUrl: "${'${'.repeat(60_000)}"\n`, 'is not a reference'],
    ['as many mistakes as lines', 'a: b: c: [\n'.repeat(5000), ' more'],
  ]
  test.each(rows)(
    '%s',
    async (_name, yaml, problem) => {
      const answer = await attempt('config.preview', { yaml })
      if (!answer.ok) throw new Error(answer.error.message)
      expect((answer.value as { problems: string[] }).problems.join('\n')).toContain(problem)
    },
    4000,
  )

  test.each(['config.preview', 'config.import'] as const)('%s: a text that is too long is not read', async (name) => {
    const answer = await attempt(name, { yaml: `# ${'x'.repeat(200_000)}` })
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_request', field: 'yaml' } })
  })

  test('an input that is nested too deep is an answer, not a failure', async () => {
    const deep = `{"perModel":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`
    const answer = await gateway.api.call('limits.save', JSON.parse(deep))
    expect(answer).toMatchObject({ ok: false })
  })
})

test.each(['not a host', '999.1.1.1', 'a\nport: 1'])(
  'a host with which it would not start again is refused: %j',
  async (host) => {
    expect(await attempt('settings.save', { host })).toMatchObject({ ok: false, error: { field: 'server.host' } })
    expect(await fileNow()).toBe(text)
  },
)

test.each(['0.0.0.0', '::', 'localhost', 'fe80::1%eth0', 'my-box.local'])(
  'a host that may be one is taken: %s',
  async (host) => {
    await call('settings.save', { host })
    expect(await fileNow()).toContain(host)
  },
)

test('a preview shows no key that stands in the wrong place', async () => {
  const yaml =
    'providers:\n  - name: a\n    apikey: sk-elsewhere-01\n  - name: b\n    apiKey: { value: sk-elsewhere-02 }\n'
  expect(JSON.stringify(await attempt('config.preview', { yaml }))).not.toContain('sk-elsewhere')
})
