import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { schemaKeys, topSections } from '../../build/docs-schema-keys.ts'
import { generatedPages } from '../../build/write-docs.ts'
import { helpText } from '../../gateway/cli-arguments.ts'
import { parseConfig } from '../../gateway/config/load.ts'
import { errorCodes, GatewayError } from '../../gateway/errors.ts'
import { headerNames } from '../../gateway/pipeline/options.ts'
import { providerRows } from '../../gateway/providers/rows.ts'
import { usageGroups } from '../../gateway/stores/ledger.ts'
import { createFamilies } from '../../gateway/telemetry/families.ts'
import { blocksOf } from '../documents/read-pages.ts'

/** The documentation says what is true of the code. */

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

function read(page: string): string {
  return readFileSync(page, 'utf8')
}

const configuration = read('docs/configuration.md')
const httpApi = read('docs/http-api.md')

/** The cells of every table row that begins with a name in code. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

describe('generated', () => {
  test.each(Object.entries(generatedPages))('%s is what the code says', (page, generated) => {
    const text = read(page)
    expect(text, 'run: npm run docs').toBe(generated(text))
  })
})

describe('docs/configuration.md', () => {
  const documented = new Map(rowsOf(configuration).map(([name = '', ...cells]) => [name.slice(1, -1), cells]))
  const keys = schemaKeys()

  test('the schema is walked to its end', () => {
    const paths = keys.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['server.port', 'auth.keys[].rateLimit.window']))
    expect(paths.length).toBeGreaterThan(60)
  })

  test.each(keys.filter(({ isSection }) => !isSection))('$path says what it does', ({ path, description }) => {
    expect(description, `add .meta({ description }) to ${path} in gateway/config/`).toMatch(/\w.*\w/)
    expect(documented.get(path)?.[2]).toBe(description?.replaceAll('|', '\\|'))
  })

  test('no key that is none', () => {
    const sections = new Set(keys.map(({ path }) => path.split(/[.[]/)[0] ?? ''))
    const known = keys.map(({ path }) => path)
    const named = [...documented.keys()].filter((name) => sections.has(name.split(/[.[]/)[0] ?? ''))
    const isKey = (name: string): boolean => known.some((path) => path === name || path.startsWith(`${name}[]`))
    expect(named.filter((name) => !isKey(name))).toEqual([])
  })

  test('every flag and its variable', () => {
    const names = [...helpText().matchAll(/--[a-z-]+|LLM_GATEWAY_\w+/g)].map(([name]) => name)
    expect(names).toContain('--config')
    expect(names.filter((name) => !configuration.includes(`\`${name}`))).toEqual([])
  })
})

describe('docs/http-api.md', () => {
  const rows = new Map(rowsOf(httpApi).map(([name = '', ...cells]) => [name.slice(1, -1), cells]))

  test.each(errorCodes)('error %s', (code) => {
    const { status, type, retryable } = new GatewayError(code, '')
    expect(rows.get(code)?.slice(0, 3)).toEqual([String(status), `\`${type}\``, retryable ? 'yes' : 'no'])
  })

  test('metrics, all of them and no others', () => {
    const documented = [...rows.keys()].filter((name) => name.startsWith('llm_gateway_'))
    const families = Object.values(createFamilies())
    expect(documented.toSorted()).toEqual(families.map(({ name }) => name).toSorted())
    expect(documented.map((name) => rows.get(name)?.[0])).toEqual(
      documented.map((name) => families.find((family) => family.name === name)?.type),
    )
  })

  test.each([...headerNames, ...(usageGroups as readonly string[])])('mentions %s', (name) => {
    expect(httpApi).toContain(`\`${name}\``)
  })
})

/** Pages on how it is deployed show the configuration of other programs, too. */
const ofOthers = /^docs\/(deploy|installing|releasing|runbook)/

function isOurs(page: string, text: string): boolean {
  const names = [...text.matchAll(/^(\w+):/gm)].map(([, name = '']) => name)
  return !ofOthers.test(page) || (names.length > 0 && names.every((name) => topSections().includes(name)))
}

const yamlBlocks = pages.flatMap((page) =>
  blocksOf(page)
    .filter(({ language }) => language === 'yaml')
    .map(({ text, line }) => ({ at: `${page}:${line}`, page, text })),
)

/** Every `yaml` block of every page, and the example file. */
const configs = [
  ...yamlBlocks.filter(({ page, text }) => isOurs(page, text)).map(({ at, text }) => [at, text]),
  ['gateway.example.yaml', read('gateway.example.yaml')],
] as [string, string][]

describe('configurations of other programs', () => {
  const others = yamlBlocks
    .filter(({ page, text }) => !isOurs(page, text))
    .map(({ at, text }) => [at, text] as [string, string])

  test.each<[string, string]>([['an empty one', ''], ...others])('%s is YAML', (_at, text) => {
    expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([])
  })
})

describe('configurations that the pages show', () => {
  test('are found', () => {
    expect(configs.length).toBeGreaterThan(3)
  })

  test.each(configs)('%s', (name, text) => {
    const variables = [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, variable]) => [variable, 'k-0123456789'])
    const env = Object.fromEntries(variables) as Record<string, string>
    const { notices } = parseConfig(text, { file: name, env, knownProviders: providerRows })
    expect(notices).toEqual([])
  })
})

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  const text = read(page).replaceAll(/^( *)```.*?^ *```/gms, '')
  return [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function linksOf(page: string): string[] {
  return [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target)
}

function isBroken(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(file)) return true
  return anchor !== undefined && !anchorsOf(file).includes(anchor)
}

describe('links', () => {
  test.each(pages)('of %s lead somewhere', (page) => {
    expect(linksOf(page).filter((target) => isBroken(page, target))).toEqual([])
  })

  test('a wrong anchor is found', () => {
    expect(isBroken('README.md', 'docs/configuration.md#redis')).toBe(false)
    expect(isBroken('README.md', 'docs/configuration.md#no-such-heading')).toBe(true)
  })

  test('every page is in the index', () => {
    const linked = linksOf('docs/README.md').map((target) => join('docs', target.split('#')[0] ?? ''))
    const alone = /^docs\/(README\.md$|decisions\/|runbook\/)/
    expect(pages.filter((page) => page.startsWith('docs/') && !alone.test(page) && !linked.includes(page))).toEqual([])
  })

  test('of files that are named in code', () => {
    const named = [...read('docs/architecture.md').matchAll(/`((?:gateway|build|test|docs)\/[\w./-]+)`/g)]
    const missing = named.map(([, path]) => path ?? '').filter((path) => !existsSync(path))
    expect(named.length).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })
})

describe('README.md', () => {
  const readme = read('README.md')
  const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

  test.each(pages)('%s names only commands there are', (page) => {
    const commands = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script ?? '')
    expect(commands.filter((script) => scripts[script] === undefined)).toEqual([])
  })

  test('is one screen of why, two commands, three pictures and links', () => {
    const before = readme.slice(0, readme.indexOf('## Read on'))
    expect(readme.split('\n').length).toBeLessThan(100)
    expect(blocksOf('README.md')[0]?.text).toBe('npm ci\nnpm start\n')
    expect([...before.matchAll(/!\[/g)]).toHaveLength(3)
  })

  test('.ci/run calls the test command it names', () => {
    expect(readme).toContain('```sh\nnpm test\n```')
    expect(read('.ci/run').trimEnd().split('\n').at(-1)).toBe('npm test')
  })
})
