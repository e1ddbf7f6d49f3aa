import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseArguments } from '../../../gateway/cli-arguments.ts'
import { runConnect } from '../../../gateway/commands/connect-command.ts'
import { runUninstall, type UninstallIo } from '../../../gateway/commands/uninstall-command.ts'
import { createKeychainSecrets } from '../../../gateway/stores/secrets-keychain.ts'
import { makeHome, realFiles, type Home } from '../connect/home.ts'

const claudeFile = '.claude/settings.json'
const original = realFiles['claude-code']?.[claudeFile] ?? ''

let home: Home
let dataFolder: string
let inKeychain: Map<string, string>
let answers: boolean[] | undefined
let asked: string[]

beforeEach(async () => {
  home = await makeHome()
  dataFolder = dirname(home.folder)
  inKeychain = new Map()
  answers = undefined
  asked = []
})
afterEach(() => home[Symbol.asyncDispose]())

function keychain() {
  return createKeychainSecrets({
    load: async () => (_service, account) => ({
      getPassword: async () => inKeychain.get(account) ?? null,
      setPassword: async (value: string) => void inKeychain.set(account, value),
      deletePassword: async () => inKeychain.delete(account),
    }),
  })
}

function io(printed: { out: string; err: string }): UninstallIo {
  return {
    shell: 'desktop',
    places: home.places,
    workingDirectory: home.home,
    now: () => 0,
    // No gateway runs any more when it is removed.
    fetch: () => Promise.reject(new Error('nothing listens there')),
    keychain: keychain(),
    ask:
      answers &&
      (async (question) => {
        asked.push(question)
        return answers?.shift() ?? false
      }),
    write: (text) => void (printed.out += text),
    writeError: (text) => void (printed.err += text),
  }
}

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' }
  const parsed = parseArguments([...argv, '--data-dir', dataFolder], {})
  if (parsed.kind === 'uninstall') return { code: await runUninstall(parsed, io(printed)), ...printed }
  if (parsed.kind === 'connect') return { code: await runConnect(parsed, io(printed)), ...printed }
  throw new Error(JSON.stringify(parsed))
}

async function connectAndKeepKeys(): Promise<void> {
  await home.write(claudeFile, original)
  expect((await run('connect', 'claude-code', '--key', 'a-given-key-1234')).code).toBe(0)
  await mkdir(dataFolder, { recursive: true })
  await writeFile(
    join(dataFolder, 'settings.json'),
    JSON.stringify({ config: { providers: [{ name: 'mine', apiKey: '${MINE_API_KEY}' }] } }),
  )
  await writeFile(join(dataFolder, 'keys.json'), JSON.stringify({ GROQ_API_KEY: 'sk-in-file' }), { mode: 0o600 })
  inKeychain = new Map([
    ['MINE_API_KEY', 'sk-mine-secret'],
    ['OPENAI_API_KEY', 'sk-openai-secret'],
    ['SOMEBODY_ELSES', 'stays'],
  ])
}

test('without flags it says what there is, and changes nothing', async () => {
  await connectAndKeepKeys()
  const before = await home.read(claudeFile)
  const { code, out } = await run('uninstall')
  expect(code).toBe(0)
  expect(out).toContain('Connected tools: claude-code\n')
  expect(out).toContain('MINE_API_KEY (keychain)')
  expect(out).toContain('OPENAI_API_KEY (keychain)')
  expect(out).toContain('GROQ_API_KEY (keys.json)')
  expect(out).not.toMatch(/secret|sk-/)
  expect(await home.read(claudeFile)).toBe(before)
  expect(inKeychain.size).toBe(3)
})

test('--yes undoes tools and removes keys, and says so', async () => {
  await connectAndKeepKeys()
  const { code, out, err } = await run('uninstall', '--undo-tools', '--remove-keys', '--yes')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('Claude Code is no longer connected.')
  expect(out).toContain('The key MINE_API_KEY is removed.')
  expect(out).toContain('The key GROQ_API_KEY is removed.')
  expect(out).toContain(`stay in ${dataFolder}`)
  expect(await home.read(claudeFile)).toBe(original)
  expect([...inKeychain.keys()]).toEqual(['SOMEBODY_ELSES'])
  await expect(readFile(join(dataFolder, 'keys.json'))).rejects.toThrow('ENOENT')
  expect((await run('uninstall', '--undo-tools', '--remove-keys')).out).toContain('There was nothing to take back.')
})

test.each([
  ['nobody to ask', undefined, 1, 'add --yes'],
  ['a no', [false], 1, 'Nothing was changed.'],
  ['a yes', [true], 0, 'no longer connected'],
])('%s', async (_name, given, code, said) => {
  await connectAndKeepKeys()
  answers = given
  const done = await run('uninstall', '--undo-tools')
  expect(done.code).toBe(code)
  expect(done.out).toContain(said)
  expect(asked.length).toBe(given === undefined ? 0 : 1)
  expect((await home.read(claudeFile)) === original).toBe(code === 0)
  expect(inKeychain.size).toBe(3)
})

test('a keychain that cannot be asked is told, and tools are undone all the same', async () => {
  await connectAndKeepKeys()
  const printed = { out: '', err: '' }
  const parsed = parseArguments(['uninstall', '--undo-tools', '--remove-keys', '-y', '--data-dir', dataFolder], {})
  if (parsed.kind !== 'uninstall') throw new Error('not the command')
  const locked = createKeychainSecrets({ load: () => Promise.reject(new Error('The collection is locked')) })
  expect(await runUninstall(parsed, { ...io(printed), keychain: locked })).toBe(1)
  expect(printed.out).toContain('Claude Code is no longer connected.')
  expect(printed.out).toMatch(/Not done: The keychain is locked\. Unlock it/)
})

test.each([
  [['--everything'], /unknown flag --everything/],
  [['claude-code'], /unexpected argument "claude-code"/],
])('%j is refused', (argv, message) => {
  expect(parseArguments(['uninstall', ...argv], {})).toMatchObject({
    kind: 'problem',
    message: expect.stringMatching(message),
  })
})
