import { readFileSync } from 'node:fs'
import type { Configuration } from 'electron-builder'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { source } from '../../build/bundle.ts'
import { installerConfiguration, packagePage, updateFeed } from '../../build/installer-configuration.ts'

test.each([
  ['nobody said', {}, null],
  ['empty texts', { LLM_GATEWAY_UPDATES_URL: '', GITHUB_REPOSITORY: '' }, null],
  [
    'the repository that builds it',
    { GITHUB_REPOSITORY: 'somebody/gateway' },
    { provider: 'github', owner: 'somebody', repo: 'gateway', releaseType: 'draft' },
  ],
  [
    'a folder wins over the repository',
    { GITHUB_REPOSITORY: 'somebody/gateway', LLM_GATEWAY_UPDATES_URL: 'https://updates.example' },
    { provider: 'generic', url: 'https://updates.example' },
  ],
])('where updates are: %s', (_name, env, feed) => {
  expect(updateFeed(env)).toEqual(feed)
})

test('the page of a package is the repository that builds it, and else nobody’s', () => {
  const env = { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'somebody/gateway' }
  expect(packagePage(env)).toBe('https://git.example/somebody/gateway')
  expect(packagePage({})).toBe('https://llm-gateway.invalid')
})

describe('electron-builder.yml', () => {
  const product = parse(readFileSync(source('electron-builder.yml'), 'utf8')) as Configuration
  const targets = (list: unknown): unknown[] =>
    (list as { target: string; arch: string[] }[]).map(({ target, arch }) => [target, ...arch])

  test('makes every installer for both architectures', () => {
    expect([product.mac?.target, product.win?.target, product.linux?.target].map(targets)).toEqual([
      [
        ['dmg', 'x64', 'arm64'],
        ['zip', 'x64', 'arm64'],
      ],
      [['nsis', 'x64', 'arm64']],
      [
        ['AppImage', 'x64', 'arm64'],
        ['deb', 'x64', 'arm64'],
      ],
    ])
  })

  test('names files that are there', () => {
    const { mac, win, nsis, deb, linux, afterPack } = product
    const files = [
      mac?.icon,
      mac?.entitlements,
      mac?.entitlementsInherit,
      win?.icon,
      nsis?.include,
      deb?.appArmorProfile,
    ]
    for (const file of [...files, linux?.icon, afterPack]) {
      expect(typeof file === 'string' && readable(file), String(file)).toBe(true)
    }
  })

  test('is ready to be notarised, and asks per user', () => {
    expect(product.mac).toMatchObject({ hardenedRuntime: true, notarize: true })
    expect(product.nsis).toMatchObject({
      perMachine: false,
      selectPerMachineByDefault: false,
      deleteAppDataOnUninstall: false,
    })
  })

  test('names no address of somebody else', () => {
    expect(product.publish).toBeNull()
    const whole = installerConfiguration(product, { GITHUB_SERVER_URL: 'https://g.example', GITHUB_REPOSITORY: 'a/b' })
    expect(whole.extraMetadata).toMatchObject({ main: 'dist/main/main.mjs', homepage: 'https://g.example/a/b' })
  })

  function readable(file: string): boolean {
    try {
      readFileSync(source(file))
      return true
    } catch (error) {
      // A folder.
      return (error as NodeJS.ErrnoException).code === 'EISDIR'
    }
  }
})
