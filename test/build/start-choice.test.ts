import { expect, test } from 'vitest'
import { chooseStart, type Machine } from '../../build/start-choice.ts'

const machine: Machine = { args: [], platform: 'linux', env: { DISPLAY: ':0' }, hasElectron: true, mayInstall: true }

test.each<[string, Partial<Machine>, unknown]>([
  ['all there', {}, { run: 'app' }],
  ['Wayland', { env: { WAYLAND_DISPLAY: 'wayland-0' } }, { run: 'app' }],
  ['macOS needs no DISPLAY', { platform: 'darwin', env: {} }, { run: 'app' }],
  ['arguments of the app', { args: ['--port', '9000', '--hidden'] }, { run: 'app' }],
  ['no display', { env: {} }, { run: 'headless', why: expect.stringContaining('no display') }],
  ['an empty DISPLAY', { env: { DISPLAY: '' } }, { run: 'headless', why: expect.stringContaining('no display') }],
  [
    'no display and no Electron: nothing is fetched',
    { env: {}, hasElectron: false },
    { run: 'headless', why: expect.anything() },
  ],
  ['no Electron', { hasElectron: false }, { run: 'install' }],
  [
    'no Electron after a try',
    { hasElectron: false, mayInstall: false },
    { run: 'headless', why: expect.stringContaining('npx install-electron') },
  ],
  ['asked for', { args: ['--no-ui'] }, { run: 'headless', why: undefined }],
  ['asked for by variable', { env: { DISPLAY: ':0', LLM_GATEWAY_NO_UI: '1' } }, { run: 'headless', why: undefined }],
  ['a question', { args: ['--version'], hasElectron: false }, { run: 'headless', why: undefined }],
])('%s', (_name, changes, choice) => {
  expect(chooseStart({ ...machine, ...changes })).toEqual(choice)
})
