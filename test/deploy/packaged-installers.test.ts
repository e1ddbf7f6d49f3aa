import { execFile, spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { source } from '../../build/bundle.ts'
import { nativeName } from '../../build/end-to-end.ts'
import { electronFolder } from '../../build/electron-runtime.ts'
import { version } from '../../gateway/version.ts'
import { describeApp, packagedApp } from '../e2e/helpers.ts'
import { copyApp } from './packaged-world.ts'
import { endAll, expectServes, startArtefact } from './run-artefact.ts'

const run = promisify(execFile)
const isThere = (...programs: string[]): boolean => programs.every((name) => spawnSync('which', [name]).status === 0)
const feed = 'https://updates.example.invalid/llm-gateway'

describeApp('the Linux installers', () => {
  let room: string
  let app: string
  beforeAll(async () => {
    room = await mkdtemp(join(tmpdir(), 'llm-gateway-installers-'))
    app = join(room, 'app')
    // A copy: the installer puts files of its own into it.
    copyApp(await packagedApp(), app)
  })
  afterEach(endAll)
  afterAll(() => rm(room, { recursive: true, force: true, maxRetries: 5 }))

  async function make(target: string, env: Record<string, string>): Promise<string> {
    const output = join(room, target)
    const args = ['--target', target, '--arch', 'x64', '--output', output, '--prepackaged', app]
    await run(process.execPath, [source('build/make-installers.ts'), ...args], {
      env: {
        ...process.env,
        LLM_GATEWAY_UPDATES_URL: feed,
        ELECTRON_OVERRIDE_DIST_PATH: electronFolder(process.env) ?? '',
        ...env,
      },
    })
    return output
  }

  test.runIf(isThere('dpkg-deb'))('the deb says what it is, holds what a desktop needs, and runs', async () => {
    const output = await make('deb', { LLM_GATEWAY_QUICK_DEB: '1' })
    const deb = join(output, `llm-gateway_${version}_amd64.deb`)
    const field = async (name: string): Promise<string> => (await run('dpkg-deb', ['-f', deb, name])).stdout.trim()
    expect([await field('Package'), await field('Version'), await field('Architecture')]).toEqual([
      'llm-gateway',
      version,
      'amd64',
    ])
    expect(await field('Depends')).toMatch(/libgtk-3-0.*libnss3/)
    expect(await field('Maintainer')).toMatch(/^.+ <.+@.+>$/)
    expect(Number(await field('Installed-Size'))).toBeGreaterThan(200_000)

    const listed = (await run('dpkg-deb', ['-c', deb], { maxBuffer: 16 * 1024 * 1024 })).stdout
    const owners = new Set(
      listed
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/)[1]),
    )
    expect([...owners]).toEqual(['root/root'])
    // Others may read all of it and write none of it.
    expect(listed.split('\n').filter((line) => /^.....w|^........w|^.......-/.test(line))).toEqual([])

    const tree = join(room, 'tree')
    await run('dpkg-deb', ['-x', deb, tree])
    const entry = await readFile(join(tree, 'usr/share/applications/llm-gateway.desktop'), 'utf8')
    expect(entry).toContain('Exec="/opt/LLM Gateway/llm-gateway" %U\n')
    expect(entry).toContain('MimeType=x-scheme-handler/llm-gateway;\n')
    expect(entry).toContain('StartupWMClass=llm-gateway\n')
    expect(existsSync(join(tree, 'usr/share/icons/hicolor/256x256/apps/llm-gateway.png'))).toBe(true)
    expect(existsSync(join(tree, 'usr/share/doc/llm-gateway/copyright'))).toBe(true)
    const profile = await readFile(join(tree, 'opt/LLM Gateway/resources/apparmor-profile'), 'utf8')
    expect(profile).toContain('"/opt/LLM Gateway/llm-gateway-bin"')

    await copyFile(join(room, nativeName), join(tree, 'opt', nativeName))
    // As the package's link in /usr/bin does.
    const link = join(tree, 'llm-gateway')
    await symlink('opt/LLM Gateway/llm-gateway', link)
    expect((await run(link, ['--version'])).stdout).toBe(`${version}\n`)
    await expectServes(await startArtefact(link, ['--no-ui', '--port', '0'], { cwd: room }))
  })

  test.runIf(isThere('dpkg-deb'))('its scripts undo what they do, and tell about connected tools', async () => {
    const deb = join(room, 'deb', `llm-gateway_${version}_amd64.deb`)
    const control = join(room, 'control')
    await run('dpkg-deb', ['-e', deb, control])
    const [install, remove] = await Promise.all(
      ['postinst', 'postrm'].map((name) => readFile(join(control, name), 'utf8')),
    )
    for (const name of ['postinst', 'postrm', 'prerm']) await run('bash', ['-n', join(control, name)])
    expect(install).toContain("update-alternatives --install '/usr/bin/llm-gateway'")
    expect(remove).toContain("update-alternatives --remove 'llm-gateway' '/opt/LLM Gateway/llm-gateway'")
    expect(install).toContain('/etc/apparmor.d/llm-gateway')
    expect(remove).toContain('/etc/apparmor.d/llm-gateway')
    expect((await run(join(control, 'prerm'), ['remove'])).stdout).toContain('llm-gateway uninstall --undo-tools')
    expect((await run(join(control, 'prerm'), ['upgrade', version])).stdout).toBe('')
  })

  test('beside it lies where updates are, and what they must be', async () => {
    const latest = parse(await readFile(join(room, 'deb/latest-linux.yml'), 'utf8')) as {
      version: string
      files: { url: string; size: number; sha512: string }[]
    }
    const [file] = latest.files
    expect(latest.version).toBe(version)
    const deb = join(room, 'deb', file?.url ?? '')
    expect(file?.size).toBe((await stat(deb)).size)
    const { stdout } = await run('openssl', ['dgst', '-sha512', '-binary', deb], { encoding: 'buffer' })
    expect(file?.sha512).toBe(stdout.toString('base64'))
    expect(parse(await readFile(join(app, 'resources/app-update.yml'), 'utf8'))).toMatchObject({
      provider: 'generic',
      url: feed,
    })
  })

  test.runIf(isThere('mksquashfs', 'unsquashfs'))('the AppImage is built, and runs without FUSE', async () => {
    const output = await make('AppImage', { APPIMAGE_TOOLS_PATH: await appImageTools() })
    const [name] = (await readdir(output)).filter((file) => file.endsWith('.AppImage'))
    expect(name).toBe(`llm-gateway-${version}-linux-x86_64.AppImage`)
    const image = join(output, name ?? '')
    const size = (await stat(image)).size / 1024 / 1024
    expect(size).toBeLessThan(140)
    console.log(`AppImage ${size.toFixed(1)} MB`)
    // It unpacks itself beside the driver of the end-to-end build.
    const env = { TMPDIR: room }
    expect((await run(image, ['--version'], { env: { PATH: process.env['PATH'] ?? '', ...env } })).stdout).toBe(
      `${version}\n`,
    )
    await expectServes(
      await startArtefact(image, ['--no-ui', '--port', '0', '--data-dir', join(room, 'image')], { cwd: room, env }),
    )
    expect((await readdir(room)).filter((file) => file.startsWith('appimage-of-test'))).toEqual([])
    expect(await readFile(join(output, 'latest-linux.yml'), 'utf8')).toContain(name)
  })

  /** The given ones, else Debian's mksquashfs with a stand-in for the runtime, which nobody packs. */
  async function appImageTools(): Promise<string> {
    const given = process.env['APPIMAGE_TOOLS_PATH']
    if (given !== undefined) return given
    const tools = join(room, 'tools')
    await Promise.all([
      mkdir(join(tools, 'runtimes'), { recursive: true }),
      mkdir(join(tools, 'lib/x64'), { recursive: true }),
    ])
    const { stdout } = await run('which', ['mksquashfs'])
    await symlink(stdout.trim(), join(tools, 'mksquashfs'))
    await writeFile(join(tools, 'desktop-file-validate'), '#!/bin/sh\n', { mode: 0o755 })
    await copyFile(source('test/deploy/appimage-runtime.sh'), join(tools, 'runtimes/runtime-x64'))
    await chmod(join(tools, 'runtimes/runtime-x64'), 0o755)
    return tools
  }
})
