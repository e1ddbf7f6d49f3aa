import { execFile } from 'node:child_process'
import { chown, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { version } from '../../gateway/version.ts'
import { call, describeApp, launchApp, packagedApp, type LaunchedApp } from '../e2e/helpers.ts'
import { asarFiles, mayMakeSandbox, nobody, reachableCopy } from './packaged-world.ts'
import { endAll, expectServes, startArtefact } from './run-artefact.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

describeApp('the packaged Linux app', () => {
  let program: string
  let folder: string
  let room: string
  let opened: LaunchedApp | undefined
  beforeAll(async () => {
    program = await packagedApp()
    folder = dirname(program)
    room = await mkdtemp(join(tmpdir(), 'llm-gateway-packaged-'))
  })
  afterEach(async () => {
    endAll()
    await opened?.close()
    opened = undefined
  })
  afterAll(() => rm(room, { recursive: true, force: true, maxRetries: 5 }))

  test('--version answers in under 200 ms, whoever asks', async () => {
    const took: number[] = []
    for (let count = 0; count < 3; count += 1) {
      const start = performance.now()
      expect((await run(program, ['--version'], { env: {} })).stdout).toBe(`${version}\n`)
      took.push(performance.now() - start)
    }
    expect(Math.min(...took)).toBeLessThan(200)
  })

  test('the launcher’s version is the program’s own', async () => {
    const { stdout } = await run(program, ['--no-ui', '--version'], { env: { HOME: room } })
    expect(stdout).toBe(`${version}\n`)
  })

  test.runIf(isRoot)('--no-ui as root, without a display, needs no flag for the sandbox', async () => {
    await expectServes(await startArtefact(program, ['--no-ui', '--port', '0'], { cwd: room }))
  })

  test.runIf(isRoot)('LLM_GATEWAY_NO_UI does the same', async () => {
    const env = { LLM_GATEWAY_NO_UI: '1', LLM_GATEWAY_PORT: '0' }
    const gateway = await startArtefact(program, ['--data-dir', join(room, 'variable')], { cwd: room, env })
    expect(await gateway.stop(), gateway.output()).toBe(0)
  })

  test.runIf(isRoot && mayMakeSandbox())('--no-ui as nobody, in the sandbox', async () => {
    const home = await mkdtemp(join(room, 'nobody-'))
    await chown(home, nobody, nobody)
    const copy = reachableCopy(program, room)
    const gateway = await startArtefact(copy, ['--no-ui', '--port', '0'], { cwd: home, uid: nobody })
    await expectServes(gateway)
  })

  test.runIf(isRoot)('a window as root is refused, as Chromium wants it', async () => {
    const refused = await run(program, ['--port', '0', '--data-dir', room], { env: { DISPLAY: ':999' } }).catch(
      (error: unknown) => error as { stderr: string },
    )
    expect(refused.stderr).toContain('Running as root without --no-sandbox is not supported')
  })

  test('its window opens on a gateway that answers', async () => {
    const app = (opened = await launchApp())
    expect((await fetch(`${app.url}/health`)).status).toBe(200)
    await vi.waitFor(async () => expect(await app.window.locator('nav').first().isVisible()).toBe(true))
  })

  test('where nobody said where updates are, nothing is looked for and nothing complains', async () => {
    const app = (opened = await launchApp({ env: { APPIMAGE: '/nonexistent/llm-gateway.AppImage' } }))
    const state = await call(app.window, 'desktop.update', { step: 'check' })
    expect(state).toMatchObject({
      state: 'unsupported',
      reason: expect.stringMatching(/does not know where updates are/),
    })
    await expectQuietWindow(app)
  })

  test('a feed that cannot be reached is told only to whoever asked, and the app goes on', async () => {
    const feed = join(folder, 'resources/app-update.yml')
    // A port that nothing listens on.
    await writeFile(feed, 'provider: generic\nurl: http://127.0.0.1:1\nupdaterCacheDirName: llm-gateway-test\n')
    try {
      const app = (opened = await launchApp({ env: { APPIMAGE: program } }))
      expect(await call(app.window, 'desktop.update', { step: 'state' })).toMatchObject({ state: 'idle', reason: null })
      await call(app.window, 'desktop.update', { step: 'check' })
      await vi.waitFor(
        async () =>
          expect(await call(app.window, 'desktop.update', { step: 'state' })).toMatchObject({
            state: 'failed',
            reason: expect.stringMatching(/Check the connection/),
          }),
        { timeout: 20_000 },
      )
      await expectQuietWindow(app)
    } finally {
      await rm(feed)
    }
  })

  test('what it weighs is in its budget, and holds nothing that only builders need', async () => {
    const asar = join(folder, 'resources/app.asar')
    const files = await asarFiles(asar)
    expect((await stat(asar)).size).toBeLessThanOrEqual(8 * 1024 * 1024)
    const isUnpacked = await bytesIn(folder)
    // Electron 33 unpacked with one language; a later one may be a tenth larger.
    expect(isUnpacked / 1024 / 1024).toBeLessThan(260)
    console.log(`app.asar ${mb((await stat(asar)).size)}, unpacked ${mb(isUnpacked)}`)
    expect(files.filter((file) => /\.(map|ts|tsx|md)$/.test(file) && !/LICENSE/.test(file))).toEqual([])
    const modules = new Set(files.flatMap((file) => /^node_modules\/(@[^/]+\/[^/]+|[^@/][^/]*)/.exec(file)?.[1] ?? []))
    expect([...modules].every((name) => name.startsWith('@napi-rs/keyring'))).toBe(true)
    expect(files.some((file) => file === 'dist/main/main.mjs')).toBe(true)
    expect(await readdir(join(folder, 'resources'))).not.toContain('default_app.asar')
  })

  async function bytesIn(top: string): Promise<number> {
    const entries = await readdir(top, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    expect(files.map((file) => relative(top, file))).toContain('chrome-sandbox')
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
    return sizes.reduce((sum, size) => sum + size, 0)
  }
})

/** No message in the window's way, and the gateway still serves. */
async function expectQuietWindow({ window, url }: LaunchedApp): Promise<void> {
  await vi.waitFor(async () => expect(await window.locator('nav').first().isVisible()).toBe(true))
  expect(await window.locator('[data-sonner-toast], [role=alertdialog], [role=dialog]').count()).toBe(0)
  expect((await fetch(`${url}/health`)).status).toBe(200)
}

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
