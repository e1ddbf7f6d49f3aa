import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createConnector } from '../../../gateway/connect/connector.ts'
import { json } from '../../../gateway/connect/formats/json.ts'
import { HalfWritten, writeAll, type Step } from '../../../gateway/connect/write-steps.ts'
import { editTool, makeHome, realFiles, secretKey, target, type Home } from './home.ts'

const claude = editTool('claude-code')
const codex = editTool('codex')
const gemini = editTool('gemini-cli')
const claudeFile = '.claude/settings.json'

/** Nothing but that text was there, and it still is. */
async function expectRefused(home: Home, tool: typeof claude, message: RegExp): Promise<void> {
  const before = await readdir(home.home, { recursive: true })
  await expect(home.connector.connect(tool, target(), tool.id)).rejects.toMatchObject({
    name: 'GatewayError',
    message: expect.stringMatching(message),
  })
  expect(await readdir(home.home, { recursive: true })).toEqual(before)
}

describe('what is no text file is left alone, and holds nothing up', () => {
  test('a pipe, as password managers put in place of a .env file', async () => {
    await using home = await makeHome()
    await mkdir(join(home.home, '.gemini'))
    execFileSync('mkfifo', [join(home.home, '.gemini/.env')])
    expect((await home.connector.look(gemini)).detail).toContain('is not a file')
    await expectRefused(home, gemini, /\.gemini\/\.env is not a file, so it is left alone\. Nothing was changed/)
  })

  test.each(['/dev/zero', '/dev/null'])('a link to %s', async (device) => {
    await using home = await makeHome()
    await mkdir(join(home.home, '.claude'))
    await symlink(device, join(home.home, claudeFile))
    await expectRefused(home, claude, /is not a file/)
  })

  test('a link to itself, and two to each other', async () => {
    await using home = await makeHome()
    await mkdir(join(home.home, '.claude'))
    await symlink('settings.json', join(home.home, claudeFile))
    await expectRefused(home, claude, /cannot be read: .*ELOOP/)
    await mkdir(join(home.home, '.codex'))
    await symlink('other.toml', join(home.home, '.codex/config.toml'))
    await symlink('config.toml', join(home.home, '.codex/other.toml'))
    await expectRefused(home, codex, /cannot be read: .*ELOOP/)
  })

  test('50 MB', async () => {
    await using home = await makeHome()
    await home.write(claudeFile, `{"a": "${'x'.repeat(50 * 1024 * 1024)}"}`)
    expect((await home.connector.look(claude)).detail).toContain('larger than 4 MB')
    await expectRefused(home, claude, /larger than 4 MB/)
  })
})

describe('texts that are made to break readers', () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...[...'bcdefgh'].map((name, index) => bombLine(name, 'abcdefg'[index]))]
  test.each<[string, typeof claude, string, string]>([
    ['deep nesting', claude, claudeFile, deep],
    ['aliases of aliases', editTool('aider'), '.aider.conf.yml', `${bomb.join('\n')}\n`],
  ])('%s is told as the trouble of its file', async (_name, tool, file, text) => {
    await using home = await makeHome()
    await home.write(file, text)
    expect((await home.connector.look(tool)).detail).toContain('nests too deep')
    await expectRefused(home, tool, /nests too deep/)
    expect(await home.read(file)).toBe(text)
  })

  test('many comments behind the last value take no time', () => {
    const text = `{"a": 1 ${'/* x */ '.repeat(5000)}}`
    const edited = json.edit(text, { path: ['b'], value: 2 })
    expect(json.read(edited)).toEqual({ a: 1, b: 2 })
  })

  test('a list in the place of a section is not thrown away', async () => {
    await using home = await makeHome()
    const text = '[[model_providers]]\nname = "mine"\n'
    await home.write('.codex/config.toml', text)
    await expectRefused(
      home,
      codex,
      /"model_providers\.llm-gateway" cannot be written: "model_providers" is not a section/,
    )
    expect(await home.read('.codex/config.toml')).toBe(text)
  })

  test('names of prototypes are names like others', async () => {
    await using home = await makeHome()
    const text = '{"__proto__": {"env": {"A": "1"}}, "constructor": 1, "env": {"toString": "x"}}\n'
    await home.write(claudeFile, text)
    await home.connector.connect(claude, target(), 'claude-code')
    expect((await home.connector.look(claude)).state).toBe('yes')
    expect(await home.read(claudeFile)).toContain('{"__proto__": {"env": {"A": "1"}}, "constructor": 1,')
    await home.connector.undo(claude)
    expect(await home.read(claudeFile)).toBe(text)
    expect(Object.hasOwn(Object.prototype, 'env')).toBe(false)
  })
})

function bombLine(name: string, of = ''): string {
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(',')}]`
}

describe('all files or none', () => {
  async function twoSteps(home: Home): Promise<Step[]> {
    await home.write('one/a', 'one')
    await home.write('two/b', 'two')
    const step = (name: string, now: string): Step => ({
      name,
      place: { path: join(home.home, name), format: 'json' },
      now,
      next: `new ${now}`,
      kept: undefined,
    })
    return [step('one/a', 'one'), step('two/b', 'two')]
  }

  test('the second cannot even be made ready: the first is not touched', async () => {
    await using home = await makeHome()
    const steps = await twoSteps(home)
    const { ino } = await stat(join(home.home, 'one/a'))
    const blocked = { ...steps[1], place: { path: join(home.home, 'one/a/below'), format: 'json' as const } } as Step
    await expect(writeAll([steps[0] as Step, { ...blocked, now: undefined }])).rejects.toThrow('cannot be written')
    expect((await stat(join(home.home, 'one/a'))).ino).toBe(ino)
    expect(Object.keys(await home.all()).toSorted()).toEqual(['one/a', 'two/b'])
  })

  test('the second was changed by another program: the first is put back', async () => {
    await using home = await makeHome()
    const steps = await twoSteps(home)
    await home.write('two/b', 'of another')
    await expect(writeAll(steps)).rejects.toThrow('was changed by another program just now')
    expect(await home.all()).toEqual({ 'one/a': 'one', 'two/b': 'of another' })
  })

  test('what cannot be put back is told by name', () => {
    expect(new HalfWritten(['/a'], new Error('the disk is full')).message).toBe(
      'Not all files could be written (the disk is full), and /a could not be put back: undo it later.',
    )
  })
})

describe('two at once', () => {
  /** Another process: it shares nothing but the disk. */
  const other = ({ places, folder }: Home) => createConnector({ places, folder, shell: undefined, now: Date.now })

  test('one after the other: the last one counts, and the way back leads to the beginning', async () => {
    await using home = await makeHome()
    for (const [path, text] of Object.entries(realFiles['gemini-cli'] ?? {})) await home.write(path, text)
    const before = await home.all()
    const outcomes = await Promise.allSettled(
      ['gw-first-first-first', 'gw-second-second-second', 'gw-third-third-third'].map((key) =>
        other(home).connect(gemini, target({ key }), 'gemini-cli'),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect(await home.connector.look(gemini)).toMatchObject({ state: 'yes', detail: undefined })
    await home.connector.undo(gemini)
    expect(await home.all()).toEqual(before)
    expect(await readdir(home.folder)).toEqual(['originals'])
  })

  test('one that died long ago holds nobody up', async () => {
    await using home = await makeHome()
    await mkdir(home.folder, { recursive: true })
    await writeFile(join(home.folder, 'busy'), '')
    await utimes(join(home.folder, 'busy'), new Date(0), new Date(0))
    await home.connector.connect(claude, target(), 'claude-code')
    expect((await home.connector.look(claude)).state).toBe('yes')
  })
})

describe('the data folder', () => {
  test.each([
    ['no JSON', 'x'],
    ['of another version', '{"version": 2}'],
    ['with a NUL', '\0'],
  ])('a record that is %s: told, and neither connected nor undone over it', async (_name, text) => {
    await using home = await makeHome()
    await home.connector.connect(claude, target(), 'claude-code')
    const written = await home.read(claudeFile)
    await writeFile(join(home.folder, 'claude-code.json'), text)
    expect(await home.connector.look(claude)).toMatchObject({
      state: 'broken',
      detail: expect.stringMatching(/originals/),
    })
    await expect(home.connector.connect(claude, target(), 'claude-code')).rejects.toThrow('originals')
    await expect(home.connector.undo(claude)).rejects.toThrow('originals')
    expect(await home.read(claudeFile)).toBe(written)
  })

  test('a record that cannot be read is not taken for none', async () => {
    await using home = await makeHome()
    await mkdir(join(home.folder, 'claude-code.json'), { recursive: true })
    await expectRefused(home, claude, /claude-code\.json cannot be read/)
  })

  test('one that cannot be written is told in words, and nothing is connected', async () => {
    await using home = await makeHome()
    await mkdir(join(home.folder, '..'), { recursive: true })
    await writeFile(home.folder, 'a file where the folder should be')
    await expectRefused(home, claude, /connect cannot be written: .*Nothing was changed/)
  })

  test('moved elsewhere, it still knows the way back', async () => {
    await using home = await makeHome()
    await home.write(claudeFile, realFiles['claude-code']?.[claudeFile] ?? '')
    const before = await home.all()
    await home.connector.connect(claude, target(), 'claude-code')
    const moved = join(home.folder, '../../moved')
    await rename(home.folder, moved)
    await expect(home.connector.undo(claude)).rejects.toThrow('not connected')
    await createConnector({ places: home.places, folder: moved, shell: undefined, now: Date.now }).undo(claude)
    expect(await home.all()).toEqual(before)
  })
})

describe('keys of the user are not shown', () => {
  const mine = [
    'sk-ant-mine-0123456789',
    'AIzaMine0123456789012345678',
    'no-known-form-of-mine',
    'sk-beside-0123456789',
  ]
  test.each<[string, string, string]>([
    ['claude-code', claudeFile, `{"env": {"ANTHROPIC_AUTH_TOKEN": "${mine[2]}", "OPENAI_API_KEY": "${mine[3]}"}}\n`],
    [
      'claude-code',
      claudeFile,
      `{\n  "env": {\n    "OTHER": "${mine[0]}",\n    "ANTHROPIC_AUTH_TOKEN": "${mine[2]}"\n  }\n}\n`,
    ],
    ['gemini-cli', '.gemini/.env', `OPENAI_API_KEY=${mine[3]}\nGEMINI_API_KEY="${mine[1]}"\n`],
    ['aider', '.aider.conf.yml', `openai-api-key: ${mine[2]}\nanthropic-api-key: ${mine[0]}\n`],
  ])('%s: %s in a preview, of connecting and of undoing', async (id, file, text) => {
    await using home = await makeHome()
    const tool = editTool(id)
    await home.write(file, text)
    const first = await home.connector.preview(tool, target())
    await home.connector.connect(tool, target(), id)
    const diffs = [...first, ...(await home.connector.previewUndo(tool))].map(({ diff }) => diff).join('')
    expect(diffs).toContain('[redacted]')
    expect(diffs).toContain('••••stuv')
    for (const key of [...mine, secretKey]) expect(diffs).not.toContain(key)
  })
})

test('a link is written through, but the copy of the original is no link', async () => {
  await using home = await makeHome()
  await home.write('elsewhere.json', '{"a": 1}\n')
  await mkdir(join(home.home, '.claude'))
  await symlink(join(home.home, 'elsewhere.json'), join(home.home, claudeFile))
  await home.connector.connect(claude, target(), 'claude-code')
  const [own = ''] = await readdir(join(home.folder, 'originals'))
  const copy = join(home.folder, 'originals', own, 'settings.json')
  expect((await stat(copy)).mode & 0o777).toBe(0o600)
  expect(await readFile(copy, 'utf8')).toBe('{"a": 1}\n')
})
