import { describe, expect, test } from 'vitest'
import { firstUpdateState, mayStep, nextUpdateState, whyNoUpdates, type UpdateNews } from '../../main/update-state.ts'

const installed = { isPackaged: true, env: {}, hasFeed: true }

test.each([
  ['development', { ...installed, platform: 'darwin', isPackaged: false }, /development/],
  ['a .deb', { ...installed, platform: 'linux' }, /package manager/],
  ['an AppImage', { ...installed, platform: 'linux', env: { APPIMAGE: '/x.AppImage' } }, undefined],
  ['Windows, installed', { ...installed, platform: 'win32' }, undefined],
  ['Windows, portable', { ...installed, platform: 'win32', env: { PORTABLE_EXECUTABLE_FILE: 'x' } }, /portable/],
  ['macOS', { ...installed, platform: 'darwin' }, undefined],
  ['nowhere to look', { ...installed, platform: 'darwin', hasFeed: false }, /download the new version/],
] as const)('%s', (_name, installation, reason) => {
  const told = whyNoUpdates(installation)
  if (reason === undefined) expect(told).toBeUndefined()
  else expect(told).toMatch(reason)
})

describe('the steps', () => {
  const news: UpdateNews[] = [
    { news: 'checking' },
    { news: 'available', version: '2.0.0' },
    { news: 'progress', progress: 0.5 },
    { news: 'ready', version: '2.0.0' },
  ]

  test('lead from idle to ready', () => {
    const states: unknown[] = []
    news.reduce((before, told) => {
      const next = nextUpdateState(before, told)
      states.push([next.state, next.version, next.progress])
      return next
    }, firstUpdateState(undefined))
    expect(states).toEqual([
      ['checking', null, null],
      ['available', '2.0.0', null],
      ['downloading', '2.0.0', 0.5],
      ['ready', '2.0.0', null],
    ])
  })

  test('a failure says why, and can be tried again', () => {
    const failed = nextUpdateState(firstUpdateState(undefined), { news: 'failed', reason: 'no network' })
    expect(failed).toMatchObject({ state: 'failed', reason: 'no network' })
    expect(mayStep(failed, 'check')).toBe(true)
  })

  test('a look that nobody asked for and that came to nothing is no error', () => {
    const checking = nextUpdateState(firstUpdateState(undefined), { news: 'checking' })
    expect(nextUpdateState(checking, { news: 'unknown' })).toEqual(firstUpdateState(undefined))
  })

  test.each([
    ['idle', 'check', true],
    ['idle', 'download', false],
    ['idle', 'install', false],
    ['checking', 'check', false],
    ['available', 'download', true],
    ['available', 'install', false],
    ['downloading', 'check', false],
    ['downloading', 'download', false],
    ['ready', 'install', true],
    ['ready', 'download', false],
    ['unsupported', 'check', false],
    ['unsupported', 'install', false],
  ] as const)('%s: %s is possible: %s', (state, step, isPossible) => {
    expect(mayStep({ state, version: null, progress: null, reason: null }, step)).toBe(isPossible)
  })
})
