import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readValue } from '../../../gateway/connect/edit.ts'
import { readText } from '../../../gateway/connect/file-edits.ts'
import { formats } from '../../../gateway/connect/formats/index.ts'
import { editTool, editTools, makeHome, realFiles, secretKey, target, type Home } from './home.ts'

async function withFiles(files: Record<string, string>): Promise<Home> {
  const home = await makeHome()
  for (const [path, text] of Object.entries(files)) await home.write(path, text)
  return home
}

/** The ways in which the same file is met. */
const disguises: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['with Windows line endings', (text) => text.replaceAll('\n', '\r\n')],
  ['with a byte order mark', (text) => `\uFEFF${text}`],
  ['without a last line ending', (text) => text.trimEnd()],
]

describe.each(editTools.map((tool) => [tool.id, tool] as const))('%s', (id, tool) => {
  test.each(disguises)('connected and back, byte for byte: %s', async (_name, disguise) => {
    const files = Object.fromEntries(Object.entries(realFiles[id] ?? {}).map(([path, text]) => [path, disguise(text)]))
    await using home = await withFiles(files)
    const before = await home.all()
    await home.connector.connect(tool, target(), id)
    expect(await home.all()).not.toEqual(before)
    expect(await home.connector.look(tool)).toMatchObject({ state: 'yes', detail: undefined })
    expect(await home.connector.verify(tool)).toMatchObject({ ok: true, conflicts: [] })
    await home.connector.undo(tool)
    expect(await home.all()).toEqual(before)
    expect((await home.connector.look(tool)).state).toBe('no')
  })

  test('every line that is not ours is still there', async () => {
    await using home = await withFiles(realFiles[id] ?? {})
    await home.connector.connect(tool, target(), id)
    for (const [path, text] of Object.entries(realFiles[id] ?? {})) {
      const lines = new Set((await home.read(path))?.split('\n').map(bare))
      const lost = text.split('\n').filter((line) => !lines.has(bare(line)))
      const changed = (await home.connector.look(tool)).connection?.files
      const hadValues = Object.values(changed ?? {}).flatMap(({ written }) => written.filter(({ had }) => had))
      expect(lost.length).toBeLessThanOrEqual(hadValues.length)
    }
  })

  test('without files before: made, with nobody else able to read them, and gone again with their folders', async () => {
    await using home = await makeHome()
    await home.connector.connect(tool, target(), id)
    for (const path of Object.keys(await home.all())) {
      expect((await stat(join(home.home, path))).mode & 0o777).toBe(0o600)
    }
    expect((await home.connector.look(tool)).state).toBe('yes')
    const { files } = await home.connector.undo(tool)
    expect(files.map(({ outcome }) => outcome)).toEqual(files.map(() => 'removed'))
    expect(await readdir(home.home)).toEqual([])
  })

  test('twice is once, and another model later is one step back', async () => {
    await using home = await withFiles(realFiles[id] ?? {})
    const before = await home.all()
    await home.connector.connect(tool, target(), id)
    const once = await home.all()
    await home.connector.connect(tool, target(), id)
    expect(await home.all()).toEqual(once)
    await home.connector.connect(tool, target({ model: 'other', smallModel: 'little' }), id)
    await home.connector.undo(tool)
    expect(await home.all()).toEqual(before)
  })

  test('what others change meanwhile stays', async () => {
    await using home = await withFiles(realFiles[id] ?? {})
    await home.connector.connect(tool, target(), id)
    const additions: Record<string, (text: string) => string> = {
      json: (text) => text.replace('{', '{\n  "mine": [1, 2], // new'),
      toml: (text) => `# new\nmine = 1\n${text}`,
      yaml: (text) => `# new\nmine: 1\n${text}`,
      dotenv: (text) => `# new\nMINE=1\n${text}`,
    }
    const add = (format: string, text: string): string => additions[format]?.(text) ?? text
    const places = Object.values(tool.files(home.places))
    for (const { path, format } of places) await writeFile(path, add(format, await readFile(path, 'utf8')))
    const look = await home.connector.look(tool)
    expect(look).toMatchObject({ state: 'yes' })
    await home.connector.undo(tool)
    for (const { path, format } of places) {
      const name = path.slice(home.home.length + 1)
      expect(await home.read(name)).toBe(add(format, realFiles[id]?.[name] ?? ''))
    }
  })

  test('the preview is what is done, without the key', async () => {
    await using home = await withFiles(realFiles[id] ?? {})
    const before = await home.all()
    const previewed = await home.connector.preview(tool, target())
    expect(await home.all()).toEqual(before)
    const text = previewed.map(({ diff }) => diff).join('')
    expect(text).not.toContain(secretKey)
    if (tool.keyByHand === undefined) expect(text).toContain('••••stuv')
    for (const { path, diff } of previewed)
      expect(diff).toMatch(new RegExp(String.raw`^--- ${escaped(path)}\n\+\+\+ ${escaped(path)}\n@@ `))
  })

  test('no key of ours is remembered outside of the tool', async () => {
    await using home = await withFiles(realFiles[id] ?? {})
    await home.connector.connect(tool, target(), id)
    const entries = await readdir(home.folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      expect(await readFile(file, 'utf8')).not.toContain(secretKey)
      expect((await stat(file)).mode & 0o077).toBe(0)
    }
  })

  test('the key that is in use is found again', async () => {
    await using home = await withFiles(realFiles[id] ?? {})
    await home.connector.connect(tool, target(), id)
    expect((await home.connector.look(tool)).key).toBe(tool.keyByHand === undefined ? secretKey : undefined)
  })
})

function bare(line: string): string {
  return line.replaceAll(/[\s,]/g, '')
}

function escaped(text: string): string {
  return text.replaceAll(/[.~/]/g, String.raw`\$&`)
}

const claude = editTool('claude-code')
const claudeFile = '.claude/settings.json'
const codex = editTool('codex')

describe('changed since', () => {
  test('a value of ours that the user changed stays, and is told', async () => {
    await using home = await withFiles({ [claudeFile]: '{\n  "a": 1\n}\n' })
    await home.connector.connect(claude, target(), 'claude-code')
    const text = (await home.read(claudeFile)) ?? ''
    await home.write(claudeFile, text.replace('http://127.0.0.1:8080', 'https://mine.example'))
    expect(await home.connector.look(claude)).toMatchObject({
      state: 'changed',
      detail: '~/.claude/settings.json: env.ANTHROPIC_BASE_URL has another value',
    })
    expect(await home.connector.undo(claude)).toEqual({
      files: [{ path: '~/.claude/settings.json', outcome: 'cleaned' }],
      left: ['env.ANTHROPIC_BASE_URL in ~/.claude/settings.json'],
    })
    expect(await home.read(claudeFile)).toBe(
      '{\n  "a": 1,\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://mine.example"\n  }\n}\n',
    )
  })

  test('values that the user took out, and a file that the user removed', async () => {
    await using home = await withFiles({ [claudeFile]: '{\n  "a": 1\n}\n' })
    await home.connector.connect(claude, target(), 'claude-code')
    await home.write(claudeFile, '{\n  "b": 2\n}\n')
    expect(await home.connector.look(claude)).toMatchObject({ state: 'changed' })
    expect(await home.connector.undo(claude)).toMatchObject({ files: [{ outcome: 'untouched' }], left: [] })
    expect(await home.read(claudeFile)).toBe('{\n  "b": 2\n}\n')

    await home.connector.connect(claude, target(), 'claude-code')
    await rm(join(home.home, claudeFile))
    expect((await home.connector.look(claude)).detail).toContain('is gone')
    expect(await home.connector.undo(claude)).toMatchObject({ files: [{ outcome: 'untouched' }] })
    expect(await home.read(claudeFile)).toBeUndefined()
  })

  test('connecting again puts right what was changed, and the way back leads to the beginning', async () => {
    await using home = await withFiles(realFiles['claude-code'] ?? {})
    const before = await home.read(claudeFile)
    await home.connector.connect(claude, target(), 'claude-code')
    await home.write(
      claudeFile,
      ((await home.read(claudeFile)) ?? '').replace('http://127.0.0.1:8080', 'http://elsewhere'),
    )
    await home.connector.connect(claude, target(), 'claude-code')
    expect((await home.connector.look(claude)).state).toBe('yes')
    await home.connector.undo(claude)
    expect(await home.read(claudeFile)).toBe(before)
  })

  test('a file that is made for a tool and used by others stays', async () => {
    await using home = await makeHome()
    await home.connector.connect(claude, target(), 'claude-code')
    const text = (await home.read(claudeFile)) ?? ''
    await home.write(claudeFile, text.replace('{\n', '{\n  "theme": "dark",\n'))
    await home.connector.undo(claude)
    expect(JSON.parse((await home.read(claudeFile)) ?? '')).toEqual({ theme: 'dark' })
  })

  test('an old value that was a section comes back with its comments', async () => {
    await using home = await withFiles(realFiles['zed'] ?? {})
    const zed = editTool('zed')
    await home.connector.connect(zed, target(), undefined)
    const file = '.config/zed/settings.json'
    await home.write(file, ((await home.read(file)) ?? '').replace('"ui_font_size": 16', '"ui_font_size": 18'))
    await home.connector.undo(zed)
    expect(await home.read(file)).toBe(realFiles['zed']?.[file]?.replace('16', '18'))
  })
})

test('the first original is kept for ever', async () => {
  await using home = await withFiles(realFiles['codex'] ?? {})
  const file = '.codex/config.toml'
  const first = (await home.read(file)) ?? ''
  await home.connector.connect(codex, target(), 'codex')
  await home.connector.undo(codex)
  await home.write(file, 'model = "later"\n')
  await home.connector.connect(codex, target(), 'codex')
  const folder = join(home.folder, 'originals')
  const [own = ''] = await readdir(folder)
  expect(await readFile(join(folder, own, 'config.toml'), 'utf8')).toBe(first)
  expect(JSON.parse(await readFile(join(folder, own, 'about.json'), 'utf8'))).toEqual({
    path: join(home.home, file),
    existed: true,
    keptAt: '2026-11-24T00:00:00.000Z',
  })
})

describe('links', () => {
  test('are written through, and stay', async () => {
    await using home = await withFiles({ 'dotfiles/claude.json': '{}\n' })
    await mkdir(join(home.home, '.claude'))
    await symlink('../dotfiles/claude.json', join(home.home, claudeFile))
    await home.connector.connect(claude, target(), 'claude-code')
    expect(await readlink(join(home.home, claudeFile))).toBe('../dotfiles/claude.json')
    expect(await home.read('dotfiles/claude.json')).toContain('ANTHROPIC_BASE_URL')
    await home.connector.undo(claude)
    expect(await readlink(join(home.home, claudeFile))).toBe('../dotfiles/claude.json')
    expect(await home.read('dotfiles/claude.json')).toBe('{}\n')
  })

  test('to a file that is not there yet', async () => {
    await using home = await withFiles({ 'dotfiles/other': '' })
    await mkdir(join(home.home, '.claude'))
    await symlink('../dotfiles/claude.json', join(home.home, claudeFile))
    await home.connector.connect(claude, target(), 'claude-code')
    expect(await home.read('dotfiles/claude.json')).toContain('ANTHROPIC_BASE_URL')
    await home.connector.undo(claude)
    expect((await lstat(join(home.home, claudeFile))).isSymbolicLink()).toBe(true)
    expect(await home.read('dotfiles/claude.json')).toBeUndefined()
  })
})

test('the mode of a file stays', async () => {
  await using home = await withFiles({ [claudeFile]: '{}\n' })
  await chmod(join(home.home, claudeFile), 0o640)
  await home.connector.connect(claude, target(), 'claude-code')
  expect((await stat(join(home.home, claudeFile))).mode & 0o777).toBe(0o640)
})

describe('what cannot be edited is told, and nothing is written', () => {
  const refused: [string, (home: Home) => Promise<void>, RegExp][] = [
    [
      'broken syntax',
      (home) => home.write(claudeFile, '{\n  "a": 1\n  "b": 2\n}\n'),
      /~\/\.claude\/settings\.json:3:3: not valid JSON: comma expected\. Nothing was changed/,
    ],
    [
      'a read-only file',
      async (home) => {
        await home.write(claudeFile, '{}\n')
        await chmod(join(home.home, claudeFile), 0o444)
      },
      /is read-only/,
    ],
    [
      'a folder',
      async (home) => void (await mkdir(join(home.home, claudeFile), { recursive: true })),
      /it is a folder/,
    ],
    [
      'another encoding',
      (home) => home.write(claudeFile, Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0)),
      /not text in UTF-8/,
    ],
    [
      'a value where a section should be',
      (home) => home.write(claudeFile, '{"env": "x"}'),
      /"env\.ANTHROPIC_BASE_URL" cannot be written/,
    ],
    ['a list where an object should be', (home) => home.write(claudeFile, '[]\n'), /cannot be written/],
  ]
  test.each(refused)('%s', async (_name, prepare, message) => {
    await using home = await makeHome()
    await prepare(home)
    const before = await home.all()
    await expect(home.connector.connect(claude, target(), 'claude-code')).rejects.toThrow(message)
    expect(await home.all()).toEqual(before)
    expect((await home.connector.look(claude)).state).toBe('no')
  })

  test('one file of two that cannot be written takes the other back', async () => {
    await using home = await withFiles(realFiles['gemini-cli'] ?? {})
    const before = await home.all()
    await chmod(join(home.home, '.gemini/settings.json'), 0o444)
    await expect(home.connector.connect(editTool('gemini-cli'), target(), 'gemini-cli')).rejects.toThrow('read-only')
    expect(await home.all()).toEqual(before)
  })

  test('a connected tool whose file was broken since', async () => {
    await using home = await withFiles(realFiles['codex'] ?? {})
    await home.connector.connect(codex, target(), 'codex')
    const broken = `${await home.read('.codex/config.toml')}\n[oops\n`
    await home.write('.codex/config.toml', broken)
    const look = await home.connector.look(codex)
    expect(look.state).toBe('broken')
    expect(look.detail).toMatch(/^~\/\.codex\/config\.toml:\d+:\d+: not valid TOML/)
    await expect(home.connector.undo(codex)).rejects.toThrow(/not valid TOML/)
    expect(await home.read('.codex/config.toml')).toBe(broken)
  })

  test('undoing what is not connected', async () => {
    await using home = await makeHome()
    await expect(home.connector.undo(claude)).rejects.toThrow('Claude Code is not connected')
  })

  test('a record that cannot be read says where the originals are', async () => {
    await using home = await makeHome()
    await home.connector.connect(claude, target(), 'claude-code')
    await writeFile(join(home.folder, 'claude-code.json'), '{"version": 2}')
    await expect(home.connector.undo(claude)).rejects.toThrow(join(home.folder, 'originals'))
  })
})

test('two tools in one file come and go in any order', async () => {
  const other = {
    ...claude,
    id: 'other',
    edits: () => ({ settings: [{ path: ['env', 'OTHER'], value: 'x' }] }),
    watched: [],
  }
  for (const order of [
    [claude, other],
    [other, claude],
  ]) {
    await using home = await withFiles(realFiles['claude-code'] ?? {})
    const before = await home.all()
    for (const tool of order) await home.connector.connect(tool, target(), tool.id)
    for (const tool of order) expect((await home.connector.look(tool)).state).toBe('yes')
    for (const tool of order) await home.connector.undo(tool)
    expect(await home.all()).toEqual(before)
  }
})

test('a placeholder is no secret, and does not hide other text', async () => {
  await using home = await withFiles({ [claudeFile]: '{\n  "note": "my local key"\n}\n' })
  await home.connector.connect(claude, target({ key: 'local' }), undefined)
  const look = await home.connector.look(claude)
  expect(look).toMatchObject({ state: 'yes', key: undefined })
  expect(look.connection?.files['settings']?.after).toContain('my local key')
  await home.connector.undo(claude)
  expect(await home.read(claudeFile)).toBe('{\n  "note": "my local key"\n}\n')
})

describe('Continue', () => {
  const tool = editTool('continue')
  test('is left alone where it still has its older file', async () => {
    await using home = await withFiles({ '.continue/config.json': '{}' })
    await expect(home.connector.connect(tool, target(), 'continue')).rejects.toThrow('older config.json')
    expect(Object.keys(await home.all())).toEqual(['.continue/config.json'])
  })
  test('gets a whole file where it has none, and one model in the file it has', async () => {
    await using home = await makeHome()
    await home.connector.connect(tool, target(), 'continue')
    const data = readText(formats.yaml, (await home.read('.continue/config.yaml')) ?? '')
    expect(data).toMatchObject({
      name: 'Local Config',
      schema: 'v1',
      models: [{ name: 'LLM Gateway', model: 'smart' }],
    })
    await home.write('.continue/config.yaml', realFiles['continue']?.['.continue/config.yaml'] ?? '')
    await home.connector.connect(tool, target(), 'continue')
    const edited = readText(formats.yaml, (await home.read('.continue/config.yaml')) ?? '')
    expect(readValue(edited, ['name'])).toBe('Mine')
    expect(readValue(edited, ['models'])).toHaveLength(3)
  })
})

test('opencode: the file with comments, where that is the one', async () => {
  await using home = await withFiles({ '.config/opencode/opencode.jsonc': '{ /* mine */ }\n' })
  await home.connector.connect(editTool('opencode'), target(), 'opencode')
  expect(Object.keys(await home.all())).toEqual(['.config/opencode/opencode.jsonc'])
})
