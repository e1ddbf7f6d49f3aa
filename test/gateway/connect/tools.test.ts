import { describe, expect, test } from 'vitest'
import { detectTool } from '../../../gateway/connect/detect.ts'
import type { Places } from '../../../gateway/connect/places.ts'
import { shownPath } from '../../../gateway/connect/places.ts'
import { cardsOf, keyPlaceholder } from '../../../gateway/connect/snippets.ts'
import { tools } from '../../../gateway/connect/tools/index.ts'
import { editTool, editTools, makeHome, secretKey, target } from './home.ts'

function places(changes: Partial<Places> = {}): Places {
  return { home: '/home/me', platform: 'linux', env: {}, exists: () => false, ...changes }
}

test('ids are names for keys and files', () => {
  const ids = tools.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{1,39}$/)
})

describe('where files lie', () => {
  const windows = { platform: 'win32', home: String.raw`C:\Users\me` } as const
  test.each<[string, Partial<Places>, string[]]>([
    ['claude-code', {}, ['/home/me/.claude/settings.json']],
    ['claude-code', { env: { CLAUDE_CONFIG_DIR: '/else' } }, ['/else/settings.json']],
    ['claude-code', windows, [String.raw`C:\Users\me\.claude\settings.json`]],
    ['codex', { env: { CODEX_HOME: '/else' } }, ['/else/config.toml']],
    ['codex', { env: { CODEX_HOME: 'relative' } }, ['/home/me/.codex/config.toml']],
    ['gemini-cli', {}, ['/home/me/.gemini/.env', '/home/me/.gemini/settings.json']],
    ['opencode', { env: { XDG_CONFIG_HOME: '/x' } }, ['/x/opencode/opencode.json']],
    ['opencode', { exists: (path) => path.endsWith('jsonc') }, ['/home/me/.config/opencode/opencode.jsonc']],
    ['opencode', windows, [String.raw`C:\Users\me\.config\opencode\opencode.json`]],
    ['continue', {}, ['/home/me/.continue/config.yaml']],
    ['aider', {}, ['/home/me/.aider.conf.yml']],
    ['zed', { env: { XDG_CONFIG_HOME: '/x' } }, ['/x/zed/settings.json']],
    ['zed', { platform: 'darwin', env: { XDG_CONFIG_HOME: '/x' } }, ['/home/me/.config/zed/settings.json']],
    ['zed', { ...windows, env: { APPDATA: String.raw`D:\A` } }, [String.raw`D:\A\Zed\settings.json`]],
    ['qwen-code', {}, ['/home/me/.qwen/settings.json']],
    ['crush', {}, ['/home/me/.config/crush/crush.json']],
    ['crush', windows, [String.raw`C:\Users\me\AppData\Local\crush\crush.json`]],
  ])('%s with %j', (id, changes, paths) => {
    expect(Object.values(editTool(id).files(places(changes))).map(({ path }) => path)).toEqual(paths)
  })
})

describe('found on the machine', () => {
  const claude = editTool('claude-code')
  const onPath = (path: string) => places({ env: { PATH: '/usr/bin:/opt/bin' }, exists: (each) => each === path })
  test.each<[string, Places, object]>([
    ['nothing', places(), { detected: false, by: undefined }],
    ['its program', onPath('/opt/bin/claude'), { detected: true, by: 'claude is on the PATH' }],
    ['its folder', onPath('/home/me/.claude'), { detected: true, by: '~/.claude is there' }],
    [
      'its program on Windows',
      places({
        platform: 'win32',
        env: { Path: String.raw`C:\npm;D:\b` },
        exists: (each) => each === String.raw`D:\b\claude.cmd`,
      }),
      { detected: true, by: 'claude is on the PATH' },
    ],
  ])('%s', (_name, where, expected) => {
    expect(detectTool(claude, where)).toEqual(expected)
  })
  test('a library cannot be seen', () => {
    const library = tools.find(({ id }) => id === 'openai-sdk')
    expect(library && detectTool(library, places())).toEqual({ detected: undefined, by: undefined })
  })
})

test('paths as people write them', () => {
  expect(shownPath(places(), '/home/me/.a')).toBe('~/.a')
  expect(shownPath(places(), '/home/meadow/.a')).toBe('/home/meadow/.a')
})

describe('what is written', () => {
  test('Claude Code', () => {
    const env = (changes: object) =>
      Object.fromEntries(
        (editTool('claude-code').edits(target(changes), () => true)['settings'] ?? []).map(({ path, value }) => [
          path.at(-1),
          value,
        ]),
      )
    expect(env({ model: undefined })).toEqual({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080',
      ANTHROPIC_AUTH_TOKEN: secretKey,
      CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    })
    expect(env({ model: 'big', smallModel: 'small' })).toMatchObject({
      ANTHROPIC_MODEL: 'big',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'big',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'big',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'small',
    })
    expect(env({ model: 'big' })).toMatchObject({ ANTHROPIC_DEFAULT_HAIKU_MODEL: 'big' })
  })

  test('Codex', async () => {
    await using home = await makeHome()
    await home.connector.connect(editTool('codex'), target(), 'codex')
    expect(await home.read('.codex/config.toml')).toBe(`model = "smart"
model_provider = "llm-gateway"

[model_providers.llm-gateway]
name = "LLM Gateway"
base_url = "http://127.0.0.1:8080/v1"
wire_api = "responses"
experimental_bearer_token = "${secretKey}"
model_catalog_url = "http://127.0.0.1:8080/v1/models"

[features]
api_key_model_discovery = true
`)
  })

  test('Gemini CLI', async () => {
    await using home = await makeHome()
    await home.connector.connect(editTool('gemini-cli'), target({ model: undefined }), 'gemini-cli')
    expect(await home.read('.gemini/.env')).toBe(
      `GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8080\nGEMINI_API_KEY=${secretKey}\n`,
    )
    expect(JSON.parse((await home.read('.gemini/settings.json')) ?? '')).toEqual({
      security: { auth: { selectedType: 'gemini-api-key' } },
    })
  })

  test('models for a picker: what was chosen first, nothing twice', () => {
    const edits = editTool('opencode').edits(target({ smallModel: 'little', offered: ['a', 'smart'] }), () => true)
    const provider = edits['config']?.[0]?.value as { models: object }
    expect(Object.keys(provider.models)).toEqual(['smart', 'little', 'a'])
  })
})

describe('snippets', () => {
  test.each(tools.map((tool) => [tool.id, tool] as const))('%s', (_id, tool) => {
    const cards = cardsOf(tool, target({ model: undefined, key: keyPlaceholder }), places())
    expect(cards.length).toBeGreaterThan(0)
    const all = cards.map(({ text }) => text).join('\n')
    if (tool.kind === 'copy' || tool.keyByHand === undefined) expect(all).toContain(keyPlaceholder)
    expect(all).toContain(tool.id === 'cursor' ? 'https://YOUR-PUBLIC-ADDRESS' : ':8080')
    for (const { text, title } of cards) {
      expect(text).toMatch(/[^\n]\n$/)
      expect(title).not.toBe('')
      expect(text).not.toContain('undefined')
    }
  })

  test('JSON is JSON', () => {
    const json = tools
      .flatMap((tool) => cardsOf(tool, target(), places()))
      .filter(({ language }) => language === 'json')
    expect(json.length).toBeGreaterThan(3)
    for (const { text } of json) expect(() => void JSON.parse(text)).not.toThrow()
  })
})

test('every setting that is watched is one that is written', () => {
  for (const tool of editTools) {
    const edits = tool.edits(target({ smallModel: 'little' }), () => true)
    for (const { file, path, name } of tool.watched) {
      const isWritten = (edits[file] ?? []).some((edit) =>
        edit.path.every((segment, depth) => JSON.stringify(segment) === JSON.stringify(path[depth])),
      )
      expect(isWritten, `${tool.id}: ${name}`).toBe(true)
    }
  }
})
