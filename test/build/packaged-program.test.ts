import { expect, test } from 'vitest'
import { keychainPart } from '../../build/keychain-parts.ts'
import { npmManifest } from '../../build/npm-manifest.ts'
import { packagedProgram } from '../../build/packaged-program.ts'
import { releaseSection } from '../../build/release-section.ts'

test.each([
  ['linux-unpacked', 'llm-gateway'],
  ['linux-arm64-unpacked', 'llm-gateway'],
  ['win-unpacked', 'LLM Gateway.exe'],
  ['mac-arm64', 'LLM Gateway.app/Contents/MacOS/LLM Gateway'],
])('%s holds %s', (name, program) => {
  const found = packagedProgram(
    'dist',
    () => true,
    () => ['builder-debug.yml', name],
  )
  expect(found.replaceAll('\\', '/')).toBe(`dist/${name}/${program}`)
})

test('no packaged app is said with what to do', () => {
  expect(() =>
    packagedProgram(
      'dist',
      () => true,
      () => ['a.deb'],
    ),
  ).toThrow(/npm run package:dir/)
  expect(() =>
    packagedProgram(
      'dist',
      () => false,
      () => [],
    ),
  ).toThrow(/npm run package:dir/)
})

test.each([
  ['linux', 'arm64', '@napi-rs/keyring-linux-arm64-gnu'],
  ['darwin', 'x64', '@napi-rs/keyring-darwin-x64'],
  ['win32', 'arm64', '@napi-rs/keyring-win32-arm64-msvc'],
] as const)('the keychain’s part for %s %s', (platform, arch, name) => {
  expect(keychainPart(platform, arch)).toBe(name)
})

test('the npm package takes nothing from package.json but what it is', () => {
  const all = {
    name: 'n',
    version: '1.0.0',
    description: 'd',
    license: 'l',
    private: true,
    scripts: {},
    dependencies: {},
  }
  expect(npmManifest(all)).toEqual({
    name: 'n',
    version: '1.0.0',
    description: 'd',
    license: 'l',
    type: 'module',
    bin: { n: 'start.cjs' },
    engines: { node: '>=24' },
    files: ['start.cjs', 'llm-gateway.mjs'],
    keywords: expect.any(Array),
  })
})

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- That.\n\n## [0.1.0] - 2026-11-30\n'
test.each([
  ['0.2.0', '### Added\n\n- That.'],
  ['0.1.0', undefined],
  ['0.2', undefined],
  ['Unreleased', undefined],
])('what the changelog says of %s', (version, text) => {
  expect(releaseSection(changelog, version)).toBe(text)
})
