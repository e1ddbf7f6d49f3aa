import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { editTool, makeHome, target, type Home } from './home.ts'

async function inShell(env: Record<string, string> = {}): Promise<Home> {
  const shell = { workingDirectory: '', env }
  const home = await makeHome(shell)
  shell.workingDirectory = join(home.home, 'work', 'project')
  return home
}

const claude = editTool('claude-code')

describe('Claude Code', () => {
  test('as it was written', async () => {
    await using home = await inShell()
    await home.connector.connect(claude, target({ model: undefined }), 'claude-code')
    const from = '~/.claude/settings.json'
    expect(await home.connector.verify(claude)).toEqual({
      ok: true,
      conflicts: [],
      settings: [
        { name: 'Address', value: 'http://127.0.0.1:8080', from, isOurs: true },
        { name: 'Key', value: '••••stuv', from, isOurs: true },
        { name: 'Model', value: null, from: null, isOurs: true },
        { name: 'Small model', value: null, from: null, isOurs: true },
      ],
    })
  })

  const conflicts: [string, Record<string, string>, Record<string, string>, RegExp[]][] = [
    ['the same value is no conflict', { ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080' }, {}, []],
    [
      'an address of the shell',
      { ANTHROPIC_BASE_URL: 'https://x.example' },
      {},
      [/^ANTHROPIC_BASE_URL is set in the environment to https:\/\/x\.example: unset it/],
    ],
    [
      'a key of the shell',
      { ANTHROPIC_API_KEY: 'sk-ant-secret-of-mine' },
      {},
      [/^ANTHROPIC_API_KEY is set in the environment: .* two logins. Unset it\.$/],
    ],
    ['another cloud', { CLAUDE_CODE_USE_BEDROCK: '1' }, {}, [/Bedrock/]],
    [
      'a project',
      {},
      { 'work/project/.claude/settings.json': '{"env": {"ANTHROPIC_BASE_URL": "https://p.example"}}' },
      [
        /^~\/work\/project\/\.claude\/settings\.json sets address to https:\/\/p\.example, which wins over ~\/\.claude\/settings\.json/,
      ],
    ],
    [
      'a folder above, with a key',
      {},
      { 'work/.claude/settings.local.json': '{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-secret-of-the-project"}}' },
      [/sets key to ••••ject, which wins/],
    ],
    [
      'a project that says something else',
      {},
      { 'work/project/.claude/settings.json': '{"env": {"FOO": "1"}, "model": "opus"}' },
      [],
    ],
    ['a project that cannot be read', {}, { 'work/project/.claude/settings.json': '{"env": ' }, []],
  ]
  test.each(conflicts)('%s', async (_name, env, files, expected) => {
    await using home = await inShell(env)
    for (const [path, text] of Object.entries(files)) await home.write(path, text)
    await home.connector.connect(claude, target({ model: undefined }), 'claude-code')
    const { ok, conflicts, settings } = await home.connector.verify(claude)
    expect(ok).toBe(expected.length === 0)
    expect(conflicts.length).toBe(expected.length)
    for (const [index, pattern] of expected.entries()) expect(conflicts[index]).toMatch(pattern)
    expect(JSON.stringify({ conflicts, settings })).not.toContain('secret')
  })

  test('without a shell its variables are nobody’s', async () => {
    await using home = await makeHome()
    home.places.env = { ANTHROPIC_API_KEY: 'sk-ant-of-the-gateway' }
    await home.connector.connect(claude, target(), 'claude-code')
    expect(await home.connector.verify(claude)).toMatchObject({ ok: true })
  })

  test('a value that was changed', async () => {
    await using home = await inShell()
    await home.connector.connect(claude, target(), 'claude-code')
    const text = (await home.read('.claude/settings.json')) ?? ''
    await home.write('.claude/settings.json', text.replace(':8080', ':9090'))
    expect(await home.connector.verify(claude)).toMatchObject({
      ok: false,
      conflicts: ['Address is not what was written.'],
    })
  })
})

test('Gemini CLI reads the .env of a project instead of its own', async () => {
  await using home = await inShell()
  await home.write('work/.env', 'FOO=1\n')
  const gemini = editTool('gemini-cli')
  await home.connector.connect(gemini, target(), 'gemini-cli')
  expect((await home.connector.verify(gemini)).conflicts).toEqual([
    'Gemini CLI reads ~/work/.env instead of ~/.gemini/.env when it runs in that folder: copy the lines there, or remove it.',
  ])
})

test('a profile of Codex with another provider', async () => {
  await using home = await inShell()
  await home.write('.codex/config.toml', 'profile = "work"\n[profiles.work]\nmodel_provider = "azure"\n')
  const codex = editTool('codex')
  await home.connector.connect(codex, target(), 'codex')
  expect((await home.connector.verify(codex)).conflicts).toEqual([
    'The profile "work" of config.toml uses the provider "azure": take its model_provider out.',
  ])
})

test('a provider that opencode was told to leave out', async () => {
  await using home = await inShell()
  await home.write('.config/opencode/opencode.json', '{"disabled_providers": ["llm-gateway"]}')
  const opencode = editTool('opencode')
  await home.connector.connect(opencode, target(), 'opencode')
  expect((await home.connector.verify(opencode)).conflicts).toEqual([expect.stringContaining('disabled_providers')])
})

test('another model, chosen inside the tool, is no change, and goes when it is undone', async () => {
  await using home = await inShell()
  const before = 'model = "gpt-5.5"\n'
  await home.write('.codex/config.toml', before)
  const codex = editTool('codex')
  await home.connector.connect(codex, target(), 'codex')
  await home.write('.codex/config.toml', ((await home.read('.codex/config.toml')) ?? '').replace('"smart"', '"little"'))
  expect(await home.connector.look(codex)).toMatchObject({ state: 'yes' })
  const { ok, settings } = await home.connector.verify(codex)
  expect(ok).toBe(true)
  expect(settings).toContainEqual({ name: 'Model', value: 'little', from: '~/.codex/config.toml', isOurs: true })
  expect(await home.connector.undo(codex)).toMatchObject({ left: [] })
  expect(await home.read('.codex/config.toml')).toBe(before)
})
