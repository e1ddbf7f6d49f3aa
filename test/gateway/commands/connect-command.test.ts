import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseArguments } from '../../../gateway/cli-arguments.ts'
import { runConnect } from '../../../gateway/commands/connect-command.ts'
import { yamlHome } from '../../../gateway/config/yaml-home.ts'
import { providerRows } from '../../../gateway/providers/provider.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { memorySecrets } from '../api/memory-configuration.ts'
import { makeHome, realFiles, type Home } from '../connect/home.ts'

const adminToken = 'the-admin-token-of-this-test'
const claudeFile = '.claude/settings.json'

let home: Home
let gateway: TestGateway
let url: string
let dataFolder: string

async function startGateway(text: string): Promise<void> {
  const file = join(dataFolder, 'gateway.yaml')
  await mkdir(dataFolder, { recursive: true })
  await writeFile(file, text)
  const configHome = yamlHome({ file, secrets: memorySecrets(), env: {}, knownProviders: providerRows })
  gateway = await createTestGateway(text, {
    home: configHome,
    dataFolder,
    userHome: home.home,
    admin: { token: adminToken, hint: '' },
  })
  url = await gateway.listen({ host: '127.0.0.1', port: 0 })
}

beforeEach(async () => {
  home = await makeHome()
  dataFolder = dirname(home.folder)
  await startGateway('logging:\n  level: silent\n')
})

afterEach(async () => {
  await gateway.close()
  await home[Symbol.asyncDispose]()
})

let shell: 'desktop' | 'headless' = 'headless'

interface Run {
  code: number
  out: string
  err: string
}

async function run(...given: (string | typeof fetch)[]): Promise<Run> {
  const argv = given.filter((each) => typeof each === 'string')
  const parsed = parseArguments(
    ['connect', ...argv, ...(argv.includes('--data-dir') ? [] : ['--data-dir', dataFolder])],
    {},
  )
  if (parsed.kind !== 'connect') throw new Error(parsed.kind === 'problem' ? parsed.message : 'not the command')
  const printed = { out: '', err: '' }
  const code = await runConnect(parsed, {
    shell,
    places: home.places,
    workingDirectory: home.home,
    now: () => 0,
    fetch: given.find((each) => typeof each === 'function') ?? fetch,
    write: (text) => void (printed.out += text),
    writeError: (text) => void (printed.err += text),
  })
  return { code, ...printed }
}

/** Of a port that was free just now. */
async function unusedUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

const giveToken = (): Promise<void> => writeFile(join(dataFolder, 'admin-token'), `${adminToken}\n`)

async function keysOfGateway(): Promise<string[]> {
  const answer = await gateway.api.call('config.export', {})
  const { yaml } = (answer as { value: { yaml: string } }).value
  return [...yaml.matchAll(/- name: (\S+)\n\s+hash/g)].map(([, name]) => name ?? '')
}

test('connected with a key of its own, asked with it, and back', async () => {
  await giveToken()
  await home.write(claudeFile, realFiles['claude-code']?.[claudeFile] ?? '')
  const before = await home.all()
  const connected = await run('claude-code', '--url', url, '--model', 'demo')
  expect(connected).toMatchObject({ code: 0, err: '' })
  expect(connected.out).toContain(`Claude Code is connected to ${url}.\nIts calls show under the key "claude-code".\n`)
  const key = /"ANTHROPIC_AUTH_TOKEN": "(gw-[^"]+)"/.exec((await home.read(claudeFile)) ?? '')?.[1] ?? ''
  expect(connected.out).not.toContain(key)
  expect(await keysOfGateway()).toEqual(['claude-code'])

  // As Claude Code asks.
  const reply = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'demo', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }),
  })
  expect(reply.status).toBe(200)
  await reply.text()
  const listed = await gateway.api.call('tools.list', {})
  const { tools } = (listed as unknown as { value: { tools: { id: string; calls: number; state: string }[] } }).value
  // The window sees what the command line did.
  expect(tools.find(({ id }) => id === 'claude-code')).toMatchObject({ state: 'yes', calls: 1 })

  const undone = await run('claude-code', '--undo')
  expect(undone).toMatchObject({ code: 0, err: '' })
  expect(undone.out).toContain('~/.claude/settings.json is as it was, byte for byte')
  expect(await home.all()).toEqual(before)
  expect(await keysOfGateway()).toEqual([])
})

test('again: the same key, where it was connected to before', async () => {
  await giveToken()
  await run('codex', '--url', url)
  const first = await home.read('.codex/config.toml')
  expect(await run('codex')).toMatchObject({ code: 0, err: '' })
  expect(await home.read('.codex/config.toml')).toBe(first)
})

test('a dry run shows the difference with the key masked, and changes nothing', async () => {
  await giveToken()
  const { code, out } = await run('codex', '--url', url, '--dry-run')
  expect(code).toBe(0)
  expect(out).toContain('--- /dev/null\n+++ ~/.codex/config.toml\n@@ -0,0 +1,')
  expect(out).toContain('+experimental_bearer_token = "••••"\n')
  expect(await home.all()).toEqual({})
  expect(await keysOfGateway()).toEqual([])

  await run('codex', '--url', url)
  const written = await home.all()
  const back = await run('codex', '--undo', '--dry-run')
  expect(back.out).toContain('+++ /dev/null\n')
  expect(back.out).not.toMatch(/gw-[\w-]{56}/)
  expect(await home.all()).toEqual(written)
})

test('in JSON', async () => {
  await giveToken()
  const { out } = await run('opencode', '--url', url, '--model', 'demo', '--json')
  expect(JSON.parse(out)).toMatchObject({
    tool: 'opencode',
    state: 'yes',
    keyName: 'opencode',
    verification: { ok: true },
  })
  const failed = await run('nothing', '--json')
  expect(JSON.parse(failed.out)).toEqual({ error: expect.stringContaining('There is no tool "nothing"') as string })
})

test('the list', async () => {
  await giveToken()
  await run('codex', '--url', url)
  const { code, out } = await run()
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^codex +OpenAI Codex +yes +to ${url}$`, 'm'))
  expect(out).toMatch(/^claude-code +Claude Code +no +no$/m)
  expect(out).toMatch(/^cursor +Cursor +no +by hand/m)
  const { tools } = JSON.parse((await run('--json')).out) as { tools: object[] }
  expect(tools).toContainEqual(expect.objectContaining({ id: 'codex', state: 'yes', url }))
})

describe('the key', () => {
  test('as given, whether or not the gateway runs', async () => {
    const { code } = await run('codex', '--url', await unusedUrl(), '--key', 'gw-given-by-hand-0001')
    expect(code).toBe(0)
    expect(await home.read('.codex/config.toml')).toContain('"gw-given-by-hand-0001"')
  })

  test('a placeholder without an admin token, where calls need none', async () => {
    const { code, err } = await run('codex', '--url', url)
    expect(code).toBe(0)
    expect(err).toContain('its calls show as anonymous')
    expect(await home.read('.codex/config.toml')).toContain('experimental_bearer_token = "local"')
  })

  test('a refusal where they do', async () => {
    await gateway.close()
    await startGateway(
      'logging:\n  level: silent\nauth:\n  anonymous: false\n  keys:\n    - name: a\n      key: some-key-of-a\n',
    )
    const { code, err } = await run('codex', '--url', url)
    expect(code).toBe(1)
    expect(err).toContain('asks for a key, and its admin token was not found here')
    expect(await home.all()).toEqual({})
  })

  test('pasted by hand, shown once', async () => {
    await giveToken()
    const { out } = await run('zed', '--url', url, '--model', 'demo')
    expect(out).toMatch(/The key, shown this once: gw-[\w-]{56}\n/)
    expect(await keysOfGateway()).toEqual(['zed'])
    await run('zed', '--undo')
    expect(await keysOfGateway()).toEqual([])
  })
})

describe('secrets stay where they belong', () => {
  /** Everything that was asked, of whomever. */
  const asked: { url: string; authorization: string | null }[] = []
  const spying: typeof fetch = (input, init) => {
    asked.push({ url: new Request(input).url, authorization: new Headers(init?.headers).get('authorization') })
    return asked.at(-1)?.url.startsWith('http://gateway.example') === true
      ? Promise.resolve(new Response('{}', { headers: { 'x-llm-gateway': '1.0.0' } }))
      : fetch(input, init)
  }
  beforeEach(() => void asked.splice(0))

  test('the admin token of this machine is shown to no other machine', async () => {
    await giveToken()
    const { code, err } = await run(
      'codex',
      '--url',
      'http://gateway.example:8080',
      '--key',
      'gw-of-that-gateway',
      spying,
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(asked.map(({ url }) => url)).toContain('http://gateway.example:8080/health')
    expect(asked.map(({ authorization }) => authorization)).not.toContain(`Bearer ${adminToken}`)
  })

  test('a key that the user put in the place of ours is neither sent nor taken over', async () => {
    await giveToken()
    await run('codex', '--url', url)
    const file = '.codex/config.toml'
    const text = (await home.read(file)) ?? ''
    await home.write(file, text.replace(/gw-[\w-]+(?=")/, 'sk-the-users-own-key'))
    expect(await run('codex', '--dry-run', spying)).toMatchObject({ code: 0 })
    const again = await run('codex', spying)
    expect(again).toMatchObject({ code: 0, err: '' })
    expect(asked.map(({ authorization }) => authorization)).not.toContain('Bearer sk-the-users-own-key')
    expect(await home.read(file)).toMatch(/experimental_bearer_token = "gw-/)
  })

  test('a key that is not used any more does not stay in the configuration', async () => {
    await giveToken()
    await run('codex', '--url', url)
    expect(await keysOfGateway()).toEqual(['codex'])
    expect(await run('codex', '--key', 'gw-given-by-hand-0001')).toMatchObject({ code: 0, err: '' })
    expect(await keysOfGateway()).toEqual([])
  })
})

describe('what cannot be done', () => {
  test('something else listens there', async () => {
    const server = createHttpServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      const { code, err } = await run('codex', '--url', `http://127.0.0.1:${port}`)
      expect(code).toBe(1)
      expect(err).toContain('what listens there is no LLM Gateway')
      expect(await home.all()).toEqual({})
    } finally {
      server.close()
    }
  })

  test('a wrong token', async () => {
    await gateway.close()
    await startGateway(
      'logging:\n  level: silent\nauth:\n  anonymous: false\n  keys:\n    - name: a\n      key: some-key-of-a\n',
    )
    const { code, err } = await run('codex', '--url', url, '--admin-token', 'wrong-wrong-wrong-wrong')
    expect(code).toBe(1)
    expect(err).toContain('asks for a key')
    expect(err).not.toContain('wrong-wrong')
    expect(await home.all()).toEqual({})
  })

  test('no gateway', async () => {
    const gone = await unusedUrl()
    const { code, err } = await run('codex', '--url', gone)
    expect(code).toBe(1)
    expect(err).toContain(`No gateway answers at ${gone}: nothing listens there.`)
  })

  test('a file that is broken leaves no key behind', async () => {
    await giveToken()
    await home.write('.codex/config.toml', 'a = 1\nb = \n')
    const { code, err } = await run('codex', '--url', url)
    expect(code).toBe(1)
    expect(err).toMatch(/^~\/\.codex\/config\.toml:2:\d+: not valid TOML/)
    expect(await keysOfGateway()).toEqual([])
  })

  test.each<[string[], RegExp]>([
    [['claude'], /There is no tool "claude", did you mean "claude-code"\?/],
    [['cursor', '--undo'], /set up by hand/],
  ])('called wrongly: %j', async (argv, message) => {
    const { code, err } = await run(...argv)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })

  test('a model that has to be chosen', async () => {
    await gateway.close()
    await startGateway('logging:\n  level: silent\nproviders:\n  - name: demo\n    models: [one, two]\n')
    const { code, err } = await run('opencode', '--url', url)
    expect(code).toBe(2)
    expect(err).toContain('opencode has to be told its model: add --model NAME.')
    expect(err).toContain('two')
    const unknown = await run('opencode', '--url', url, '--model', 'three')
    expect(unknown.err).toContain('The gateway does not list a model "three".')
  })

  test('undone while the gateway is away: the key is told of', async () => {
    await giveToken()
    await run('codex', '--url', url)
    const { code, err } = await run('codex', '--undo', '--url', await unusedUrl())
    expect(code).toBe(0)
    expect(err).toContain('"codex" is still in auth.keys')
    expect(await home.all()).toEqual({})
  })
})

test('what is set up by hand is shown', async () => {
  const { code, out } = await run('cursor')
  expect(code).toBe(0)
  expect(out).toContain('Cursor cannot reach localhost')
  const { out: sdk } = await run('openai-sdk', '--url', url, '--key', 'gw-mine-1', '--model', 'fast')
  expect(sdk).toContain(`export OPENAI_BASE_URL=${url}/v1\nexport OPENAI_API_KEY=gw-mine-1\n`)
})

describe('without a data folder on the command line', () => {
  /** Of this home: the app's and the server's. */
  const folders = { desktop: '.config/LLM Gateway', headless: '.local/share/llm-gateway' }

  async function runPlain(...argv: string[]): Promise<number> {
    const parsed = parseArguments(['connect', ...argv], {})
    if (parsed.kind !== 'connect') throw new Error('not the command')
    return runConnect(parsed, {
      shell,
      places: { ...home.places, env: { HOME: home.home } },
      workingDirectory: home.home,
      now: () => 0,
      fetch,
      write: () => undefined,
      writeError: () => undefined,
    })
  }

  afterEach(() => {
    shell = 'headless'
  })

  test.each(['desktop', 'headless'] as const)('it is remembered where the %s looks', async (which) => {
    shell = which
    expect(await runPlain('codex', '--key', 'gw-given-by-hand-0001')).toBe(0)
    expect(await home.read(`${folders[which]}/connect/codex.json`)).toBeDefined()
  })

  test('the one whose token the gateway takes, and later the one that knows', async () => {
    await home.write(`${folders.headless}/admin-token`, 'of-another-gateway-00\n')
    await home.write(`${folders.desktop}/admin-token`, `${adminToken}\n`)
    expect(await runPlain('codex', '--url', url)).toBe(0)
    expect(await keysOfGateway()).toEqual(['codex'])
    expect(await home.read(`${folders.desktop}/connect/codex.json`)).toBeDefined()
    expect(await runPlain('codex', '--undo')).toBe(0)
    expect(await keysOfGateway()).toEqual([])
    expect(await home.read(`${folders.desktop}/connect/codex.json`)).toBeUndefined()
  })
})
