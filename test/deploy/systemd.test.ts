import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync } from 'node:fs'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { runGateway } from '../helpers/gateway.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { allowedSystemCalls, settingsOf } from './systemd-unit.ts'

const folder = resolve('deploy/systemd')
const system = await readFile(join(folder, 'llm-gateway.service'), 'utf8')
const user = await readFile(join(folder, 'user/llm-gateway.service'), 'utf8')
const bundle = resolve('dist/headless/llm-gateway.mjs')
const isRoot = process.getuid?.() === 0
const nobody = 65_534

function has(command: string): boolean {
  return spawnSync(command, ['--version']).error === undefined
}
const hasSystemd = has('systemd-analyze') && has('systemd-tmpfiles')
const hasStrace = has('strace') && spawnSync('strace', ['true']).status === 0
if (!hasSystemd)
  console.log('systemd: systemd-analyze is not here, so the units are not verified (apt-get install systemd)')
if (!hasStrace) console.log('systemd: strace is not here, so system calls are not compared with the filter')

let room = ''
let upstream: Upstream
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'systemd-'))
  await chmod(room, 0o755)
  // The folder of the clone may be nobody's to read.
  await copyFile(process.execPath, join(room, 'node'))
  await copyFile(bundle, join(room, 'llm-gateway.mjs'))
  for (const name of ['node', 'llm-gateway.mjs']) await chmod(join(room, name), 0o755)
  upstream = await startUpstream()
})
afterAll(async () => {
  await upstream.close()
  await rm(room, { recursive: true, force: true })
})

/** The unit with programs that are on this machine: `verify` looks whether they are there. */
async function copyWithRealPaths(unit: string, name: string): Promise<string> {
  const copy = join(room, name)
  await mkdir(copy)
  const text = unit.replace(/^ExecStart=\S+ \S+/m, `ExecStart=${process.execPath} ${bundle}`)
  await writeFile(join(copy, 'llm-gateway.service'), text)
  return join(copy, 'llm-gateway.service')
}

function analyze(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['--no-pager', ...args], {
    encoding: 'utf8',
    // The user's manager wants a folder of its own, also to verify.
    env: { ...process.env, XDG_RUNTIME_DIR: room, SYSTEMD_COLORS: '0' },
  })
  return { status, stdout, stderr }
}

describe.skipIf(!hasSystemd)('systemd', () => {
  test.each([
    ['the service', system, []],
    ["the user's service", user, ['--user']],
  ])('%s has nothing to complain of', async (name, unit, flags) => {
    const file = await copyWithRealPaths(unit, name)
    expect(analyze('verify', ...flags, file)).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('a wrong setting would be told', async () => {
    const file = await copyWithRealPaths(system.replace('ProtectHome=yes', 'ProtectHouse=yes'), 'wrong')
    expect(analyze('verify', file).stderr).toContain('ProtectHouse')
  })

  test('the service is exposed by 2.5 at most', () => {
    const { stdout, stderr } = analyze(
      'security',
      '--offline=yes',
      '--threshold=25',
      join(folder, 'llm-gateway.service'),
    )
    const exposure = Number(/Overall exposure level for llm-gateway\.service: ([\d.]+)/.exec(stdout)?.[1])
    console.log(`systemd-analyze security: ${exposure}`)
    expect(exposure).toBeLessThanOrEqual(2.5)
    expect(stderr).toBe('')
  })

  test('the folders are made, that of the keys for root alone', async () => {
    const root = join(room, 'root')
    await mkdir(root)
    const file = join(folder, 'tmpfiles.d/llm-gateway.conf')
    const { stderr } = spawnSync('systemd-tmpfiles', [`--root=${root}`, '--create', file], { encoding: 'utf8' })
    expect(stderr).toBe('')
    const modeOf = async (path: string) => ((await stat(join(root, path))).mode & 0o777).toString(8)
    expect(await modeOf('etc/llm-gateway')).toBe('755')
    expect(await modeOf('etc/llm-gateway/keys')).toBe('700')
  })
})

test.each([
  ['the service', system],
  ["the user's service", user],
])('%s leaves the compiler its memory and gives the keys as a folder', (_, unit) => {
  expect(settingsOf(unit, 'MemoryDenyWriteExecute')).toEqual([])
  expect(settingsOf(unit, 'LoadCredential')).toEqual([expect.stringMatching(/^keys:.*\/llm-gateway\/keys$/)])
  expect(settingsOf(unit, 'EnvironmentFile')).toEqual([])
})

test('it is given longer to stop than running answers are given to finish', async () => {
  const { defaultConfig } = await import('../../gateway/config/defaults.ts')
  for (const unit of [system, user]) {
    expect(Number(settingsOf(unit, 'TimeoutStopSec')[0]) * 1000).toBeGreaterThan(defaultConfig().server.drainTimeout)
  }
})

interface Service {
  url: string
  child: ChildProcess
  output: () => string
}

/** The folders of a service, with the keys as systemd puts them, owned by whoever runs it. */
async function makeFolders(name: string): Promise<Record<'etc' | 'state' | 'credentials', string>> {
  const at = (part: string) => join(room, name, part)
  const folders = { etc: at('etc'), state: at('state'), credentials: at('credentials') }
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true })
  const provider = { name: 'openai', apiKey: '${OPENAI_API_KEY}', baseUrl: `${upstream.url}/v1` }
  await writeFile(join(folders.etc, 'gateway.yaml'), stringify({ server: { port: 0 }, providers: [provider] }))
  const keys = { OPENAI_API_KEY: 'sk-of-the-folder', LLM_GATEWAY_ADMIN_TOKEN: 'an-admin-token-of-the-folder' }
  for (const [key, value] of Object.entries(keys)) {
    await writeFile(join(folders.credentials, `keys_${key}`), `${value}\n`, { mode: 0o400 })
    if (isRoot) chownSync(join(folders.credentials, `keys_${key}`), nobody, nobody)
  }
  if (isRoot) chownSync(folders.state, nobody, nobody)
  return folders
}

/** Started as the unit does it: its arguments, a user without rights, and little more in the environment than the folder. */
async function startAsUnit(name: string, wrapper: string[] = []): Promise<Service> {
  const { etc, state, credentials } = await makeFolders(name)
  const [, , ...args] = (settingsOf(system, 'ExecStart')[0] ?? '')
    .replaceAll('/etc/llm-gateway', etc)
    .replaceAll('/var/lib/llm-gateway', state)
    .split(' ')
  const ids = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--bounding-set=-all', '--inh-caps=-all']
  const asNobody = isRoot ? ['setpriv', ...ids, '--no-new-privs'] : []
  const [command = '', ...rest] = [...wrapper, ...asNobody, join(room, 'node'), join(room, 'llm-gateway.mjs'), ...args]
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/', CREDENTIALS_DIRECTORY: credentials, LANG: 'C.UTF-8' }
  const child = spawn(command, rest, { cwd: state, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return untilListening(child)
}

function untilListening(child: ChildProcess): Promise<Service> {
  let text = ''
  return new Promise((done, reject) => {
    const take = (piece: Buffer) => {
      text += piece.toString()
      const url = /listening.*?(http:\/\/127\.0\.0\.1:\d+)\b.*\n|(http:\/\/127\.0\.0\.1:\d+)\b.*listening.*\n/.exec(
        text,
      )
      const address = url?.[1] ?? url?.[2]
      if (address !== undefined) done({ url: address, child, output: () => text })
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('close', (code) => reject(new Error(`ended with ${code} before it listened:\n${text}`)))
  })
}

async function chat(url: string, stream: boolean): Promise<string> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'openai/gpt-4o', messages: [{ role: 'user', content: 'Hi' }], stream }),
  })
  expect(answer.status).toBe(200)
  return answer.text()
}

/** The process that strace runs takes the signal itself: strace would only detach. */
async function stop({ url, child }: Service): Promise<number | null> {
  const scrape = await (await fetch(`${url}/metrics`)).text()
  expect(scrape).toContain('llm_gateway_requests_total 2')
  const ended = once(child, 'close')
  const children = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim()
  process.kill(children === '' ? (child.pid ?? 0) : Number(children.split(' ')[0]), 'SIGTERM')
  return ((await ended) as [number | null])[0]
}

describe('the gateway, as the unit starts it', () => {
  test('takes key and admin token from the credentials, answers, streams, and ends with 0 on SIGTERM', async () => {
    const service = await startAsUnit('run')
    expect(await chat(service.url, false)).toContain('Hello!')
    expect(await chat(service.url, true)).toContain('data: [DONE]')
    expect(upstream.requests[0]?.headers['authorization']).toBe('Bearer sk-of-the-folder')
    const status = await fetch(`${service.url}/api/v1/call/status.get`, {
      method: 'POST',
      headers: { authorization: 'Bearer an-admin-token-of-the-folder', 'content-type': 'application/json' },
      body: '{}',
    })
    expect(status.status).toBe(200)
    expect(await stop(service)).toBe(0)
    expect(service.output()).not.toMatch(/of-the-folder/)
  })

  test('does not start with an admin token that is too short to be one, and does not show it', async () => {
    const { credentials } = await makeFolders('short')
    await writeFile(join(credentials, 'LLM_GATEWAY_ADMIN_TOKEN'), 'too-short\n')
    const { exitCode, stderr } = await runGateway({ bundle: true, env: { CREDENTIALS_DIRECTORY: credentials } })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('LLM_GATEWAY_ADMIN_TOKEN')
    expect(stderr).not.toContain('too-short')
  })

  test.skipIf(!hasSystemd || !hasStrace)('makes no system call that the filter refuses', async () => {
    const trace = join(room, 'calls')
    const service = await startAsUnit('traced', ['strace', '--follow-forks', '--output', trace, '-qq', '--signal=none'])
    await chat(service.url, false)
    await chat(service.url, true)
    await stop(service)
    const lines = (await readFile(trace, 'utf8')).split('\n')
    // What setpriv does before, systemd does itself, outside of the filter.
    const start = lines.findLastIndex((line) => line.includes('execve('))
    const made = new Set(lines.slice(start).flatMap((line) => /^\d+ +(\w+)\(/.exec(line)?.[1] ?? []))
    const allowed = allowedSystemCalls(system)
    expect(made.size).toBeGreaterThan(20)
    expect([...made].filter((name) => !allowed.has(name))).toEqual([])
  })
})
