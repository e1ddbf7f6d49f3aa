import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createToolsHandlers, type ToolsPorts } from '../../../gateway/api/tools.ts'
import { hashClientKey, matchesKeyHash, newClientKey } from '../../../gateway/config/client-key.ts'
import { formats } from '../../../gateway/connect/formats/index.ts'
import type { ConfigEdit } from '../../../gateway/config/save.ts'
import { methods, type MethodName } from '../../../gateway/contract.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import { makeHome, realFiles, type Home } from '../connect/home.ts'
import { memoryConfiguration } from './memory-configuration.ts'

type Handlers = ReturnType<typeof createToolsHandlers>

interface World extends AsyncDisposable {
  home: Home
  tools: Handlers
  text: () => Promise<string>
  edit: (edits: readonly ConfigEdit[]) => Promise<unknown>
  keys: () => { name: string; hash?: string | undefined }[]
}

async function makeWorld(text = '', changes: (home: Home) => Partial<ToolsPorts> = () => ({})): Promise<World> {
  const home = await makeHome()
  const configuration = memoryConfiguration(text)
  const tools = createToolsHandlers({
    configuration,
    config: () => configuration.current().config,
    ledger: createMemoryLedger(),
    now: () => Date.UTC(2026, 10, 24),
    url: () => 'http://127.0.0.1:8080',
    host: '127.0.0.1',
    shell: 'desktop',
    places: home.places,
    connector: home.connector,
    ...changes(home),
  })
  return {
    home,
    tools: checked(tools),
    text: () => configuration.text(),
    edit: (edits) => configuration.edit(edits),
    keys: () => configuration.current().config.auth.keys,
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}

/** What goes out is what the contract says, as far as it can be checked. */
function checked(handlers: Handlers): Handlers {
  const entries = Object.entries(handlers as Record<string, (input: unknown) => unknown>)
  return Object.fromEntries(
    entries.map(([name, handler]) => [
      name,
      async (input: unknown) =>
        methods[name as MethodName].output.parse(await handler(methods[name as MethodName].input.parse(input))),
    ]),
  ) as unknown as Handlers
}

const claudeFile = '.claude/settings.json'

async function keyIn(home: Home): Promise<string> {
  const data = formats.json.read((await home.read(claudeFile)) ?? '') as { env: Record<string, string> }
  return data.env['ANTHROPIC_AUTH_TOKEN'] ?? ''
}

test('connected: its own key in its file, the hash of it in the configuration, and both gone again', async () => {
  await using world = await makeWorld('# mine\nauth:\n  anonymous: true # yes\n')
  const { home, tools } = world
  await home.write(claudeFile, realFiles['claude-code']?.[claudeFile] ?? '')
  const before = await home.all()
  const connected = await tools['tools.connect']({ tool: 'claude-code', model: 'smart' })
  expect(connected).toMatchObject({
    tool: {
      state: 'yes',
      keyName: 'claude-code',
      chosenModel: 'smart',
      detected: true,
      detectedBy: '~/.claude is there',
    },
    verification: { ok: true },
    warnings: [],
  })
  const key = await keyIn(home)
  expect(world.keys()).toMatchObject([{ name: 'claude-code', hash: expect.stringMatching(/^s2:/) }])
  expect(matchesKeyHash(world.keys()[0]?.hash ?? '', key)).toBe(true)
  expect(await world.text()).not.toContain(key)
  expect(JSON.stringify(connected)).not.toContain(key)
  expect(JSON.stringify(await tools['tools.list']({}))).not.toContain(key)

  const undone = await tools['tools.undo']({ tool: 'claude-code' })
  expect(undone).toMatchObject({ tool: { state: 'no', keyName: null }, files: [{ outcome: 'restored' }], warnings: [] })
  expect(await home.all()).toEqual(before)
  expect(world.keys()).toEqual([])
  expect(await world.text()).toContain('# mine')
})

test('connected again it keeps its key; with another key in the file it gets a new one', async () => {
  await using world = await makeWorld()
  const { home, tools } = world
  await tools['tools.connect']({ tool: 'claude-code' })
  const first = await keyIn(home)
  await tools['tools.connect']({ tool: 'claude-code', model: 'smart' })
  expect(await keyIn(home)).toBe(first)
  await home.write(claudeFile, ((await home.read(claudeFile)) ?? '').replace(first, 'sk-somebody-elses'))
  const { tools: all } = await tools['tools.list']({})
  expect(all.find(({ id }) => id === 'claude-code')).toMatchObject({ state: 'changed' })
  await tools['tools.connect']({ tool: 'claude-code' })
  const second = await keyIn(home)
  expect(second).not.toBe(first)
  expect(world.keys()).toMatchObject([{ name: 'claude-code', hash: expect.stringMatching(/^s2:/) }])
  expect(matchesKeyHash(world.keys()[0]?.hash ?? '', second)).toBe(true)
})

test('a key that was revoked is told of', async () => {
  await using world = await makeWorld()
  await world.tools['tools.connect']({ tool: 'claude-code' })
  await world.edit([{ path: ['auth', 'keys', 0, 'disabled'], value: true }])
  const { tools: all } = await world.tools['tools.list']({})
  expect(all.find(({ id }) => id === 'claude-code')).toMatchObject({
    state: 'changed',
    stateDetail: 'its key is revoked on the Keys page: let it in again there',
  })
})

test('a preview changes nothing and shows no key', async () => {
  await using world = await makeWorld()
  const { files } = await world.tools['tools.preview']({ tool: 'codex', model: 'smart' })
  expect(files).toMatchObject([{ path: '~/.codex/config.toml', isNew: true }])
  expect(files[0]?.diff).toContain('+experimental_bearer_token = "••••"\n')
  expect(await world.home.all()).toEqual({})
  expect(world.keys()).toEqual([])
})

test('a name that the user gave a key of their own is not touched', async () => {
  await using world = await makeWorld('auth:\n  keys:\n    - name: claude-code\n      key: written-out-by-hand\n')
  const { tool } = await world.tools['tools.connect']({ tool: 'claude-code' })
  expect(tool.keyName).toBe('claude-code-2')
  await world.tools['tools.undo']({ tool: 'claude-code' })
  expect(world.keys().map(({ name }) => name)).toEqual(['claude-code'])
})

describe('what cannot be done', () => {
  test('a file that cannot be written leaves no key behind', async () => {
    await using world = await makeWorld()
    await world.home.write(claudeFile, '{}')
    await chmod(join(world.home.home, claudeFile), 0o444)
    await expect(world.tools['tools.connect']({ tool: 'claude-code' })).rejects.toThrow('read-only')
    expect(world.keys()).toEqual([])
  })

  test('a configuration that cannot be edited: a placeholder where no key is needed', async () => {
    const refuse = () => Promise.reject(new GatewayError('invalid_request', 'Nothing can be changed.'))
    const configuration = { ...memoryConfiguration(''), edit: refuse }
    await using world = await makeWorld('', () => ({ configuration }))
    const { tool, warnings } = await world.tools['tools.connect']({ tool: 'claude-code' })
    expect(tool).toMatchObject({ state: 'yes', keyName: null })
    expect(await keyIn(world.home)).toBe('local')
    expect(warnings).toEqual([expect.stringContaining('not told apart')])
  })

  test('and a refusal where one is', async () => {
    const refuse = () => Promise.reject(new GatewayError('invalid_request', 'Nothing can be changed.'))
    const configuration = { ...memoryConfiguration('auth:\n  anonymous: false\n'), edit: refuse }
    await using world = await makeWorld('', () => ({ configuration, config: () => configuration.current().config }))
    await expect(world.tools['tools.connect']({ tool: 'claude-code' })).rejects.toThrow('Nothing can be changed.')
    expect(await world.home.all()).toEqual({})
  })

  const server = (host: string) => (): Partial<ToolsPorts> => ({
    shell: 'headless',
    host,
    config: () => memoryConfiguration(`server:\n  host: ${host}\n`).current().config,
    url: () => `http://${host}:8080`,
  })

  test('a gateway for other machines edits no files, and still has snippets', async () => {
    await using world = await makeWorld('', server('0.0.0.0'))
    const { canEdit, whyNot, baseUrl } = await world.tools['tools.list']({})
    expect({ canEdit, baseUrl }).toEqual({ canEdit: false, baseUrl: 'http://127.0.0.1:8080' })
    expect(whyNot).toContain('llm-gateway connect TOOL')
    for (const method of ['tools.preview', 'tools.connect', 'tools.undo'] as const) {
      await expect(world.tools[method]({ tool: 'claude-code' })).rejects.toThrow('serves other machines')
    }
    expect((await world.tools['tools.snippet']({ tool: 'claude-code' })).cards.length).toBeGreaterThan(0)
  })

  test('one for this machine alone does', async () => {
    await using world = await makeWorld('', server('127.0.0.1'))
    expect(await world.tools['tools.list']({})).toMatchObject({ canEdit: true, whyNot: null })
  })

  test('one for other machines does not, even when its configuration says by now that it is not', async () => {
    await using world = await makeWorld('server:\n  host: 127.0.0.1\n', () => ({ shell: 'headless', host: '0.0.0.0' }))
    expect(await world.tools['tools.list']({})).toMatchObject({ canEdit: false })
  })

  test('without a data folder', async () => {
    await using world = await makeWorld('', () => ({ connector: undefined }))
    expect(await world.tools['tools.list']({})).toMatchObject({ canEdit: false })
    await expect(world.tools['tools.connect']({ tool: 'claude-code' })).rejects.toThrow('no data folder')
  })

  test.each<[object, object]>([
    [{ tool: 'nothing' }, { code: 'not_found', param: 'tool' }],
    [{ tool: 'cursor' }, { code: 'invalid_request' }],
    [{ tool: 'opencode' }, { code: 'invalid_request', param: 'model' }],
  ])('%j', async (input, error) => {
    await using world = await makeWorld()
    await expect(world.tools['tools.connect'](input as { tool: string })).rejects.toMatchObject(error)
  })
})

describe('state', () => {
  test('the gateway moved to another port', async () => {
    let url = 'http://127.0.0.1:8080'
    await using world = await makeWorld('', () => ({ url: () => url }))
    await world.tools['tools.connect']({ tool: 'codex' })
    url = 'http://127.0.0.1:9090'
    const { tools } = await world.tools['tools.list']({})
    expect(tools.find(({ id }) => id === 'codex')).toMatchObject({
      state: 'changed',
      stateDetail: 'it points at http://127.0.0.1:8080, and the gateway is at http://127.0.0.1:9090',
    })
    await world.tools['tools.connect']({ tool: 'codex' })
    expect(await world.home.read('.codex/config.toml')).toContain('http://127.0.0.1:9090/v1')
  })

  test('another key was made under its name', async () => {
    await using world = await makeWorld()
    await world.tools['tools.connect']({ tool: 'codex' })
    await world.tools['tools.key']({ tool: 'codex', hash: hashClientKey(newClientKey()) })
    const { tools } = await world.tools['tools.list']({})
    expect(tools.find(({ id }) => id === 'codex')).toMatchObject({
      state: 'changed',
      stateDetail: 'the configuration of the gateway has another key under its name',
    })
  })

  test('a record that is no good is the trouble of one tool alone', async () => {
    await using world = await makeWorld()
    await world.tools['tools.connect']({ tool: 'codex' })
    await writeFile(join(world.home.folder, 'codex.json'), '{"version": 1, "files": {}}')
    const { tools } = await world.tools['tools.list']({})
    expect(tools.find(({ id }) => id === 'codex')).toMatchObject({
      state: 'broken',
      stateDetail: expect.stringContaining('originals'),
    })
    expect(tools.find(({ id }) => id === 'aider')).toMatchObject({ state: 'no' })
  })

  test('its key was taken out of the configuration', async () => {
    await using world = await makeWorld()
    await world.tools['tools.connect']({ tool: 'codex' })
    await world.tools['tools.key']({ tool: 'codex', hash: null })
    const { tools } = await world.tools['tools.list']({})
    expect(tools.find(({ id }) => id === 'codex')).toMatchObject({ state: 'changed', keyName: null })
  })
})

describe('snippets', () => {
  test('show no key unless one is asked for', async () => {
    await using world = await makeWorld(
      'routing:\n  modelMappings:\n    fast: { provider: demo, model: demo }\nproviders:\n  - name: demo\n',
    )
    const { cards, keyName } = await world.tools['tools.snippet']({ tool: 'openai-sdk', model: 'fast' })
    expect(keyName).toBeNull()
    expect(cards[0]?.text).toContain('YOUR_KEY')
    expect(world.keys()).toEqual([])

    const revealed = await world.tools['tools.snippet']({ tool: 'openai-sdk', model: 'fast', revealKey: true })
    const key = /gw-[\w-]{56}/.exec(revealed.cards[0]?.text ?? '')?.[0] ?? ''
    expect(revealed.keyName).toBe('openai-sdk')
    expect(world.keys()).toMatchObject([{ name: 'openai-sdk', hash: expect.stringMatching(/^s2:/) }])
    expect(matchesKeyHash(world.keys()[0]?.hash ?? '', key)).toBe(true)
    const { tools } = await world.tools['tools.list']({})
    expect(tools.find(({ id }) => id === 'openai-sdk')).toMatchObject({
      kind: 'copy',
      state: 'no',
      keyName: 'openai-sdk',
    })
  })

  test('a tool that is connected keeps its key', async () => {
    await using world = await makeWorld()
    await world.tools['tools.connect']({ tool: 'claude-code' })
    const key = await keyIn(world.home)
    const { cards } = await world.tools['tools.snippet']({ tool: 'claude-code', revealKey: true })
    expect(cards.at(-1)?.text).toContain(key)
    expect(world.keys()).toHaveLength(1)
  })

  test('Zed: connected without a key in its file, which is shown to be pasted', async () => {
    await using world = await makeWorld()
    const { tool, warnings } = await world.tools['tools.connect']({ tool: 'zed', model: 'smart' })
    expect(tool).toMatchObject({ state: 'yes', keyName: null })
    expect(warnings).toEqual([expect.stringContaining('keychain')])
    const { keyName } = await world.tools['tools.snippet']({ tool: 'zed', revealKey: true })
    expect(keyName).toBe('zed')
    await world.tools['tools.undo']({ tool: 'zed' })
    expect(world.keys()).toEqual([])
  })
})
