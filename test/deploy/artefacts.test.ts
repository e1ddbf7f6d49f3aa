import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildStaleUi } from '../../build/build-for-start.ts'
import { buildHeadless, headlessFile } from '../../build/build-headless.ts'
import { rendererFolder } from '../../build/build-renderer.ts'
import { source } from '../../build/bundle.ts'
import { electronFolder, electronProgram, electronVersion, needsEndToEndBuild } from '../../build/electron-runtime.ts'
import { isStale } from '../../build/stale.ts'
import { version } from '../../gateway/version.ts'
import { endAll, expectServes, startArtefact } from './run-artefact.ts'

const run = promisify(execFile)

let room: string
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'llm-gateway-artefacts-'))
  await buildStaleUi()
  if (await isStale(headlessFile, ['gateway', 'build', 'package.json'].map(source))) await buildHeadless(rendererFolder)
})
afterEach(endAll)
afterAll(() => rm(room, { recursive: true, force: true, maxRetries: 5 }))

describe('the npm package', () => {
  let installed: string
  beforeAll(async () => {
    await run(process.execPath, [source('build/npm-package.ts')])
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', room], { cwd: source('dist/npm') })
    const [packed] = Object.values(
      JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
    )
    expect(packed?.files.map(({ path }) => path).toSorted()).toEqual(
      ['LICENSE', 'README.md', 'llm-gateway.mjs', 'package.json', 'start.cjs'].toSorted(),
    )
    installed = join(room, 'installed')
    const args = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', installed]
    await run('npm', [...args, join(room, packed?.filename ?? '')], { cwd: room })
  })

  test('has no dependencies, and nothing that only this repository needs', async () => {
    const manifest = JSON.parse(await readFile(source('dist/npm/package.json'), 'utf8')) as Record<string, unknown>
    expect(Object.keys(manifest).toSorted()).toEqual(
      ['name', 'version', 'description', 'license', 'type', 'bin', 'engines', 'files', 'keywords'].toSorted(),
    )
    expect(manifest).toMatchObject({ version, engines: { node: '>=24' } })
  })

  test('npx llm-gateway starts it', async () => {
    const args = ['--offline', '--no-install', '--prefix', installed, 'llm-gateway', '--version']
    expect((await run('npx', args, { cwd: room })).stdout).toBe(`${version}\n`)
    const gateway = await startArtefact(join(installed, 'node_modules/.bin/llm-gateway'), ['--port', '0'], {
      cwd: room,
    })
    await expectServes(gateway)
  })

  const electron = electronFolder(process.env)
  const isOld = electron !== undefined && needsEndToEndBuild(electronVersion(electron))
  test.runIf(isOld)('an older Node is told in one line', async () => {
    const oldNode = electronProgram(electron ?? '')
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
    const { stdout } = await run(oldNode, ['--version'], { env })
    expect(Number(/\d+/.exec(stdout)?.[0])).toBeLessThan(24)
    const ended = await run(oldNode, [join(installed, 'node_modules/llm-gateway/start.cjs')], { env }).catch(
      (error: unknown) => error as { code: number; stderr: string },
    )
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^LLM Gateway needs Node 24 or later[^\n]*\n$/),
    })
  })
})

describe.skipIf(process.platform !== 'linux')('the single executable', () => {
  const program = source('dist/single-executable/llm-gateway')
  beforeAll(() => run(process.execPath, [source('build/single-executable.ts')]), 120_000)

  test('is one program that needs no Node', async () => {
    const { stdout } = await run(program, ['--version'], { env: { PATH: '/nonexistent' } })
    expect(stdout).toBe(`${version}\n`)
    // Node itself is 120 MB of it.
    expect((await stat(program)).size).toBeLessThan(150e6)
    expect((await run(program, ['connect'], { env: { HOME: room } })).stdout).toContain('claude-code')
  })

  test('answers, keeps its calls, shows the dashboard, and ends with 0', async () => {
    await expectServes(await startArtefact(program, ['--port', '0', '--data-dir', join(room, 'single')], { cwd: room }))
  })
})

test('SHA256SUMS and the SBOM cover what is released', async () => {
  const folder = await mkdtemp(join(room, 'release-'))
  await writeFile(join(folder, 'a file.txt'), 'content')
  await run(process.execPath, [source('build/release-artefacts.ts'), folder])
  expect((await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder })).stdout).toBe(
    'a file.txt: OK\nllm-gateway.cdx.json: OK\n',
  )
  const sbom = JSON.parse(await readFile(join(folder, 'llm-gateway.cdx.json'), 'utf8')) as Record<string, unknown>
  expect(sbom).toMatchObject({
    bomFormat: 'CycloneDX',
    components: expect.arrayContaining([expect.objectContaining({ name: 'fastify' })]),
  })
  await writeFile(join(folder, 'a file.txt'), 'another content')
  expect(() => execFileSync('sha256sum', ['--check', '--status', 'SHA256SUMS'], { cwd: folder })).toThrow()
})
