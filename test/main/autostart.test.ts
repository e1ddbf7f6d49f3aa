import { expect, test } from 'vitest'
import { autostartEntry, autostartFile, startProgram } from '../../main/autostart.ts'

test.each([
  ['the usual place', {}, '/home/ada/.config/autostart/llm-gateway.desktop'],
  ['where the user keeps settings', { XDG_CONFIG_HOME: '/settings' }, '/settings/autostart/llm-gateway.desktop'],
  ['a relative path is ignored', { XDG_CONFIG_HOME: 'settings' }, '/home/ada/.config/autostart/llm-gateway.desktop'],
])('%s', (_name, env, file) => {
  expect(autostartFile(env, '/home/ada')).toBe(file)
})

test.each([
  [['/opt/LLM Gateway/llm-gateway', '--hidden'], 'Exec="/opt/LLM Gateway/llm-gateway" "--hidden"'],
  [['/a"b'], String.raw`Exec="/a\\"b"`],
  [['/100%'], 'Exec="/100%%"'],
  [['/$HOME/`x`'], 'Exec="/\\\\$HOME/\\\\`x\\\\`"'],
  [[String.raw`/a\b`], String.raw`Exec="/a\\\\b"`],
])('%j', (command, line) => {
  expect(autostartEntry(command).split('\n')).toContain(line)
})

test.each([
  ['the launcher', '/opt/LLM Gateway/llm-gateway-bin', {}, '/opt/LLM Gateway/llm-gateway'],
  [
    'the AppImage, not where it is mounted',
    '/tmp/.mount_x/llm-gateway-bin',
    { APPIMAGE: '/a.AppImage' },
    '/a.AppImage',
  ],
  ['another name is left alone', 'C:\\LLM Gateway.exe', {}, 'C:\\LLM Gateway.exe'],
])('starts again: %s', (_name, execPath, env, program) => {
  expect(startProgram(execPath, env)).toBe(program)
})
