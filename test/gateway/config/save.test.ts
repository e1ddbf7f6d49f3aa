import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ConfigEdit } from '../../../gateway/config/save.ts'
import { editConfigText, saveConfigFile } from '../../../gateway/config/save.ts'
import { ConfigError } from '../../../gateway/config/types.ts'

const original = `# top
server:
  port: 8080   # the port
  host: "0.0.0.0"


# providers
providers:
    - name: openai   # first
      apiKey: \${OPENAI_API_KEY}
      models: [gpt-4,  "gpt-5"]
      # timeouts
      timeout: 60s

    - name: 'b'
      apiKey: x
cache:   # nothing yet
  # still nothing
routing:
  fallbackChain: [openai, b]   # chain
  modelMappings: { fast: { provider: openai, model: gpt-4 } }
# end
`

/** What changed, as lines: the block that went and the block that came. */
function difference(before: string, after: string): { gone: string[]; came: string[] } {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < old.length && old[start] === now[start]) start += 1
  let end = 0
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1
  return { gone: old.slice(start, old.length - end), came: now.slice(start, now.length - end) }
}

function edited(...edits: ConfigEdit[]): { gone: string[]; came: string[] } {
  return difference(original, editConfigText(original, edits))
}

describe('editConfigText touches only the lines it must', () => {
  const rows: [string, ConfigEdit, string[], string[]][] = [
    ['number', { path: ['server', 'port'], value: 9 }, ['  port: 8080   # the port'], ['  port: 9   # the port']],
    ['quoted text', { path: ['server', 'host'], value: 'localhost' }, ['  host: "0.0.0.0"'], ['  host: "localhost"']],
    ['single quotes', { path: ['providers', 1, 'name'], value: 'c' }, ["    - name: 'b'"], ["    - name: 'c'"]],
    [
      'reference',
      { path: ['providers', 1, 'apiKey'], value: '${B_KEY}' },
      ['      apiKey: x'],
      ['      apiKey: ${B_KEY}'],
    ],
    [
      'text of two lines',
      { path: ['providers', 1, 'apiKey'], value: 'a\nb' },
      ['      apiKey: x'],
      ['      apiKey: "a\\nb"'],
    ],
    [
      'text that looks like a number',
      { path: ['providers', 1, 'apiKey'], value: '007' },
      ['      apiKey: x'],
      ['      apiKey: "007"'],
    ],
    [
      'item of a flow list',
      { path: ['providers', 0, 'models', 0], value: 'a, b' },
      ['      models: [gpt-4,  "gpt-5"]'],
      ['      models: ["a, b",  "gpt-5"]'],
    ],
    [
      'longer flow list',
      { path: ['providers', 0, 'models'], value: ['gpt-4', 'gpt-5', 'gpt-6'] },
      ['      models: [gpt-4,  "gpt-5"]'],
      ['      models: [gpt-4, "gpt-5", gpt-6]'],
    ],
    [
      'shorter flow list',
      { path: ['routing', 'fallbackChain'], value: ['b'] },
      ['  fallbackChain: [openai, b]   # chain'],
      ['  fallbackChain: [b]   # chain'],
    ],
    [
      'new key in flow style',
      { path: ['routing', 'modelMappings', 'slow'], value: { provider: 'b', model: 'z' } },
      ['  modelMappings: { fast: { provider: openai, model: gpt-4 } }'],
      ['  modelMappings: { fast: { provider: openai, model: gpt-4 }, slow: { provider: b, model: z } }'],
    ],
    ['new key', { path: ['server', 'drainTimeout'], value: '5s' }, [], ['  drainTimeout: 5s']],
    [
      'new section in a section',
      { path: ['server', 'cors', 'allowedOrigins'], value: ['a'] },
      [],
      ['  cors:', '    allowedOrigins:', '      - a'],
    ],
    ['key of an empty section', { path: ['cache', 'ttl'], value: '1h' }, [], ['  ttl: 1h']],
    ['new section', { path: ['logging', 'level'], value: 'debug' }, [], ['', 'logging:', '  level: debug']],
    [
      'new item',
      { path: ['providers', 2], value: { name: 'c', apiKey: '${C}' } },
      [],
      ['    - name: c', '      apiKey: ${C}'],
    ],
    [
      'scalar becomes a section',
      { path: ['providers', 1, 'apiKey'], value: { odd: 1 } },
      ['      apiKey: x'],
      ['      apiKey:', '        odd: 1'],
    ],
    [
      'whole section: only what differs',
      { path: ['server'], value: { port: 8080, host: '::1' } },
      ['  host: "0.0.0.0"'],
      ['  host: "::1"'],
    ],
    ['delete a key', { path: ['server', 'host'], value: undefined }, ['  host: "0.0.0.0"'], []],
    [
      'delete the first key of an item',
      { path: ['providers', 0, 'name'], value: undefined },
      ['    - name: openai   # first', '      apiKey: ${OPENAI_API_KEY}'],
      ['    - apiKey: ${OPENAI_API_KEY}'],
    ],
    ['delete an item', { path: ['providers', 1], value: undefined }, ["    - name: 'b'", '      apiKey: x'], []],
    [
      'delete a section',
      { path: ['server'], value: undefined },
      ['server:', '  port: 8080   # the port', '  host: "0.0.0.0"'],
      [],
    ],
    [
      'delete the last key: the section goes',
      { path: ['routing', 'modelMappings', 'fast'], value: undefined },
      ['  modelMappings: { fast: { provider: openai, model: gpt-4 } }'],
      [],
    ],
    ['nothing new', { path: ['server', 'port'], value: 8080 }, [], []],
    ['nothing to delete', { path: ['metrics', 'endpoint'], value: undefined }, [], []],
  ]
  test.each(rows)('%s', (_, edit, gone, came) => {
    expect(edited(edit)).toEqual({ gone, came })
  })

  test('edits follow each other', () => {
    const text = editConfigText(original, [
      { path: ['providers', 0], value: undefined },
      { path: ['providers', 0, 'name'], value: 'only' },
      { path: ['cache'], value: { enabled: true } },
    ])
    expect(parse(text)).toMatchObject({ providers: [{ name: 'only', apiKey: 'x' }], cache: { enabled: true } })
  })

  test('a list that loses its last item stays, empty: no models is not any model', () => {
    const text = 'providers:\n  - name: a\n    models:\n      - x # why\n'
    expect(editConfigText(text, [{ path: ['providers', 0, 'models', 0], value: undefined }])).toBe(
      'providers:\n  - name: a\n    models: []\n',
    )
  })
})

describe('editConfigText starts from anything', () => {
  test.each([
    ['', 'server:\n  port: 1\n'],
    ['# comment\n', '# comment\nserver:\n  port: 1\n'],
    ['# comment', '# comment\nserver:\n  port: 1\n'],
    ['server:', 'server:\n  port: 1\n'],
    ['server: {}\n', 'server: {port: 1}\n'],
    ['server: {port: 2}', 'server: {port: 1}'],
    ['cache: {}', 'cache: {}\n\nserver:\n  port: 1\n'],
    ['server:\r\n  port: 2\r\n  host: a\r\n', 'server:\r\n  port: 1\r\n  host: a\r\n'],
    ['cache: {}\r\n', 'cache: {}\r\n\r\nserver:\r\n  port: 1\r\n'],
  ])('%j', (text, expected) => {
    expect(editConfigText(text, [{ path: ['server', 'port'], value: 1 }])).toBe(expected)
  })

  test('text that is not YAML is not edited', () => {
    expect(() => editConfigText('a: "b', [{ path: ['a'], value: 1 }])).toThrow(ConfigError)
    expect(() => editConfigText('hello', [{ path: ['a'], value: 1 }])).toThrow(TypeError)
    expect(() => editConfigText('a: 1', [{ path: [], value: 1 }])).toThrow('an edit needs a path')
  })
})

describe('what stands for something else (anchors, aliases, merge keys)', () => {
  const shared = `# top
providers:
  - &base
    name: openai
    timeout: 60s   # for all
    headers: { x-team: red }
  - <<: *base
    name: second
  - *base
routing:
  modelMappings:
    fast: &fast { provider: openai, model: a }
    quick: *fast
`
  const base = { name: 'openai', timeout: '60s', headers: { 'x-team': 'red' } }
  const second = { ...base, name: 'second' }
  const fast = { provider: 'openai', model: 'a' }
  const rows: [string, ConfigEdit, object[], object][] = [
    [
      'a key of its own',
      { path: ['providers', 1, 'timeout'], value: '5s' },
      [base, { ...second, timeout: '5s' }, base],
      { fast, quick: fast },
    ],
    [
      'inside of what is merged',
      { path: ['providers', 1, 'headers', 'x-b'], value: 'c' },
      [base, { ...second, headers: { 'x-team': 'red', 'x-b': 'c' } }, base],
      { fast, quick: fast },
    ],
    [
      'a merged key goes',
      { path: ['providers', 1, 'timeout'], value: undefined },
      [base, { name: 'second', headers: base.headers }, base],
      { fast, quick: fast },
    ],
    [
      'an alias',
      { path: ['providers', 2, 'name'], value: 'third' },
      [base, second, { ...base, name: 'third' }],
      { fast, quick: fast },
    ],
    [
      'what others stand for',
      { path: ['providers', 0, 'timeout'], value: '1s' },
      [{ ...base, timeout: '1s' }, second, base],
      { fast, quick: fast },
    ],
    ['what others stand for goes', { path: ['providers', 0], value: undefined }, [second, base], { fast, quick: fast }],
    [
      'a name that stands for another',
      { path: ['routing', 'modelMappings', 'quick'], value: { provider: 'second', model: 'b' } },
      [base, second, base],
      { fast, quick: { provider: 'second', model: 'b' } },
    ],
  ]
  test.each(rows)('%s: only it changes', (_, edit, providers, modelMappings) => {
    const text = editConfigText(shared, [edit])
    expect(parse(text, { merge: true })).toEqual({ providers, routing: { modelMappings } })
    expect(text).toContain('# top')
  })

  test('where nothing is shared by it, the text stays as it was', () => {
    expect(difference(shared, editConfigText(shared, [{ path: ['providers', 1, 'timeout'], value: '5s' }]))).toEqual({
      gone: [],
      came: ['    timeout: 5s'],
    })
  })
})

test('whatever is set is what the file then says, and comments stay', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('${X}', 'a: b', '- x', '# c', '*', '&', '007', 'true', ' '),
  )
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { minLength: 1 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), scalar, { minKeys: 1 }),
  )
  const path = fc.constantFrom<ConfigEdit['path']>(
    ['server', 'port'],
    ['server', 'new'],
    ['server'],
    ['providers', 0, 'models'],
    ['providers', 0, 'models', 1],
    ['providers', 1],
    ['providers', 2],
    ['cache', 'a', 'b'],
    ['routing', 'modelMappings', 'fast', 'model'],
    ['routing', 'modelMappings', 'x'],
    ['fresh'],
  )
  fc.assert(
    fc.property(path, value, (path, value) => {
      const text = editConfigText(original, [{ path, value }])
      let found: unknown = parse(text)
      for (const key of path) found = (found as Record<string | number, unknown>)[key]
      expect(found).toEqual(value)
      expect(text).toContain('# end')
      expect(text).toContain('# top')
    }),
    { numRuns: 300 },
  )
})

describe('saveConfigFile', () => {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'config-save-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  test('makes a new file for its owner only, and leaves nothing beside it', async () => {
    const file = join(directory, 'gateway.yaml')
    await saveConfigFile(file, 'a: 1\n')
    expect(await readFile(file, 'utf8')).toBe('a: 1\n')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['gateway.yaml'])
  })

  test('replaces in one step and keeps the mode', async () => {
    const file = join(directory, 'gateway.yaml')
    await writeFile(file, 'old')
    await chmod(file, 0o640)
    const before = await stat(file)
    await saveConfigFile(file, 'new')
    const after = await stat(file)
    expect(await readFile(file, 'utf8')).toBe('new')
    expect(after.mode & 0o777).toBe(0o640)
    expect(after.ino).not.toBe(before.ino)
  })

  test('a link stays a link', async () => {
    const [target, link] = [join(directory, 'real.yaml'), join(directory, 'gateway.yaml')]
    await writeFile(target, 'old')
    await symlink('real.yaml', link)
    await saveConfigFile(link, 'new')
    expect(await readlink(link)).toBe('real.yaml')
    expect(await readFile(target, 'utf8')).toBe('new')
  })

  test('a failure leaves the old file, and nothing beside it', async () => {
    const occupied = join(directory, 'gateway.yaml')
    await mkdir(join(occupied, 'inside'), { recursive: true })
    await expect(saveConfigFile(occupied, 'new')).rejects.toThrow()
    expect(await readdir(directory)).toEqual(['gateway.yaml'])
    await expect(saveConfigFile(join(directory, 'missing', 'x.yaml'), 'new')).rejects.toThrow('ENOENT')
  })
})

describe('a key gets another name in its place', () => {
  const source = 'm:\n  # first\n  a: { x: 1 } # one\n  b: 2\n'
  const rows: [string, string, string, string][] = [
    ['plain', source, 'z', 'm:\n  # first\n  z: { x: 2 } # one\n  b: 2\n'],
    ['one that needs quotes', source, '#c: d', 'm:\n  # first\n  "#c: d": { x: 2 } # one\n  b: 2\n'],
    ['one that is no text to YAML', source, 'true', 'm:\n  # first\n  "true": { x: 2 } # one\n  b: 2\n'],
    ['inside of braces', 'm: { a: { x: 1 }, b: 2 }\n', 'c,d', 'm: { "c,d": { x: 2 }, b: 2 }\n'],
  ]
  test.each(rows)('%s', (_name, text, rename, after) => {
    expect(editConfigText(text, [{ path: ['m', 'a'], rename, value: { x: 2 } }])).toBe(after)
  })

  test('one that is shared is written out first', () => {
    const shared = 'base: &base\n  a: { x: 1 }\nm: *base\n'
    const after: unknown = parse(editConfigText(shared, [{ path: ['m', 'a'], rename: 'z', value: { x: 2 } }]))
    expect(after).toEqual({ base: { a: { x: 1 } }, m: { z: { x: 2 } } })
  })

  test('the first of two hundred does not hold everybody up', () => {
    const many = `m:\n${Array.from({ length: 200 }, (_, index) => `  a${index}: { x: 1 }\n`).join('')}`
    const startedMs = performance.now()
    editConfigText(many, [{ path: ['m', 'a0'], rename: 'z', value: { x: 2 } }])
    // It took eighteen seconds.
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})
