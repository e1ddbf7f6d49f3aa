import { expect, test } from 'vitest'
import { readDesktopSettings } from '../../main/desktop-settings.ts'

const defaults = readDesktopSettings(undefined)

test.each([
  ['nothing', undefined, {}],
  ['no object', 'dark', {}],
  ['good entries', { theme: 'dark', startAtLogin: true }, { theme: 'dark', startAtLogin: true }],
  ['one that is wrong beside one that is good', { theme: 'pink', closeToTray: false }, { closeToTray: false }],
  ['one of a newer version', { theme: 'light', shiny: true }, { theme: 'light' }],
  ['inherited names', { toString: true, constructor: 1 }, {}],
])('%s', (_name, stored, expected) => {
  expect(readDesktopSettings(stored)).toEqual({ ...defaults, ...expected })
})

test('nothing starts at login unasked', () => {
  expect(defaults).toMatchObject({ startAtLogin: false, closeToTray: true })
})
