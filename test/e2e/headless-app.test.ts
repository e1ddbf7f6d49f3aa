import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { nativeName } from '../../build/end-to-end.ts'
import { describeApp, packagedApp, rootFlags } from './helpers.ts'

const nobody = 65_534

interface Run {
  child: ChildProcess
  url: string
  /** From the start of the process to the first answer. */
  answeredMs: number
  output: () => string
  exitCode: Promise<number | null>
}

/** Longest time to the first answer, with the machine's other work. */
const wellUnderASecondMs = 1000

describeApp('the packaged app with --no-ui', () => {
  const started: ChildProcess[] = []
  const folders: string[] = []
  beforeAll(async () => void (await packagedApp()))
  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL')
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Another user cannot get into a clone that lies in a private folder, such as `mktemp -d` makes. */
  let copy: string | undefined
  function reachableCopy(app: string): string {
    if (copy === undefined) {
      copy = mkdtempSync(join(tmpdir(), 'llm-gateway-for-all-'))
      chmodSync(copy, 0o755)
      for (const name of [basename(dirname(app)), nativeName]) {
        const [from, to] = [join(dirname(app), '..', name), join(copy, name)]
        // Links where they can be made: the app is large.
        if (spawnSync('cp', ['-al', from, to]).status !== 0) cpSync(from, to, { recursive: true, force: true })
      }
    }
    return join(copy, basename(dirname(app)), basename(app))
  }
  afterAll(async () => {
    if (copy !== undefined) await rm(copy, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Without a display and without D-Bus. */
  async function launch(
    flags: string[],
    uid: number | undefined,
  ): Promise<{ child: ChildProcess; output: () => string }> {
    const home = await mkdtemp(join(tmpdir(), 'llm-gateway-headless-'))
    folders.push(home)
    if (uid !== undefined) await chown(home, uid, uid)
    const app = await packagedApp()
    const child = spawn(uid === undefined ? app : reachableCopy(app), flags, {
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
      cwd: home,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    })
    started.push(child)
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
    return { child, output: () => text }
  }

  async function serve(flags: string[], uid?: number): Promise<Run> {
    const at = performance.now()
    const { child, output } = await launch([...flags, '--no-ui', '--port', '0'], uid)
    const exitCode = once(child, 'exit').then(([code]) => code as number | null)
    const url = await listening(child, output, exitCode)
    expect((await fetch(`${url}/health`)).headers.get('x-llm-gateway')).not.toBeNull()
    return { child, url, answeredMs: performance.now() - at, output, exitCode }
  }

  /** Whether another user's process may make its sandbox is the machine's choice; without a window it protects nothing. */
  const users = [{ who: 'this user', flags: rootFlags, uid: undefined }]
  const others = process.getuid?.() === 0 ? [{ who: 'nobody', flags: ['--no-sandbox'], uid: nobody }] : []

  test.each([...users, ...others])('as $who it answers at once, and ends with 0 on SIGTERM', async ({ flags, uid }) => {
    const runs: number[] = []
    while (runs.length < 3 && !runs.some((ms) => ms < wellUnderASecondMs)) {
      const { child, answeredMs, exitCode, output } = await serve(flags, uid)
      runs.push(answeredMs)
      child.kill('SIGTERM')
      expect(await exitCode, output()).toBe(0)
      expect(output()).not.toMatch(/X server|DISPLAY|JavaScript error/)
    }
    expect(Math.min(...runs)).toBeLessThan(wellUnderASecondMs)
  })

  test('it serves models, the dashboard, and keeps its calls', async () => {
    const { url, child, exitCode } = await serve(rootFlags)
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello!' }] }),
    })
    expect(answer.status).toBe(200)
    const usage = (await (await fetch(`${url}/api/v1/usage`)).json()) as { total_requests: number }
    expect(usage.total_requests).toBe(1)
    expect(await (await fetch(`${url}/ui/`)).text()).toContain('<script')
    child.kill('SIGTERM')
    expect(await exitCode).toBe(0)
  })

  test.each([
    ['--version', 0, /^\d+\.\d+\.\d+$/m],
    ['--help', 0, /--no-ui/],
    ['--nonsense', 2, /unknown flag --nonsense/],
    ['--check', 0, /are good/],
  ])('%s needs no display', async (flag, code, expected) => {
    const { child, output } = await launch([...rootFlags, flag], undefined)
    expect((await once(child, 'exit'))[0]).toBe(code)
    expect(output()).toMatch(expected)
  })

  test('a taken port is explained, and ends it', async () => {
    const { url } = await serve(rootFlags)
    const { child, output } = await launch([...rootFlags, '--no-ui', '--port', new URL(url).port], undefined)
    expect((await once(child, 'exit'))[0]).toBe(1)
    expect(output()).toMatch(/is taken by another LLM Gateway/)
  })
})

async function listening(child: ChildProcess, output: () => string, exit: Promise<unknown>): Promise<string> {
  for (;;) {
    const url = /"url":"(http:[^"]+)"/.exec(output())?.[1]
    if (url !== undefined) return url
    const ended = await Promise.race([exit.then(() => true), once(child.stdout ?? child, 'data').then(() => false)])
    if (ended) throw new Error(`it ended: ${output()}`)
  }
}
