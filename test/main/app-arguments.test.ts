import { describe, expect, test } from 'vitest'
import { parseAppArguments } from '../../main/app-arguments.ts'

const packaged = (argv: string[], env = {}) => parseAppArguments({ argv: ['app', ...argv], env, isDevelopment: false })

describe('arguments of the app', () => {
  test.each([
    ['nothing', [], { ui: true, command: 'run' }],
    ['no window', ['--no-ui'], { ui: false }],
    ['the gateway’s own flags', ['--port', '9000', '--data-dir', '/data'], { port: 9000, dataDir: '/data' }],
    ['what launchers and test drivers add', ['--no-sandbox', '--inspect=0', '--remote-debugging-port=0'], { ui: true }],
    ['switches with values', ['--ozone-platform=headless', '--user-data-dir=/x y', '--no-ui'], { ui: false }],
    ['the serial number of the Finder', ['-psn_0_12345'], { command: 'run' }],
    ['a question', ['--version', '--no-sandbox'], { command: 'version' }],
  ])('%s', (_name, argv, expected) => {
    expect(packaged(argv).gateway).toMatchObject({ kind: 'arguments', ...expected })
  })

  test('the command that connects tools needs no window', () => {
    const expected = { kind: 'connect', tool: 'codex', undo: true }
    expect(packaged(['--no-sandbox', 'connect', 'codex', '--undo']).gateway).toMatchObject(expected)
    const development = {
      argv: ['electron', 'dist/main/main.mjs', 'connect', 'codex', '--undo'],
      env: {},
      isDevelopment: true,
    }
    expect(parseAppArguments(development).gateway).toMatchObject(expected)
  })

  test('hidden and links are the app’s own', () => {
    const parsed = packaged(['--hidden', 'llm-gateway://open', '--port', '1'])
    expect(parsed).toMatchObject({ hidden: true, link: 'llm-gateway://open', gateway: { port: 1 } })
    expect(packaged([])).toMatchObject({ hidden: false, link: undefined })
  })

  test('in development the app’s path is no argument, wherever the switches stand', () => {
    const start = (...argv: string[]) =>
      parseAppArguments({ argv: ['electron', ...argv], env: {}, isDevelopment: true }).gateway
    expect(start('--no-sandbox', 'dist/main/main.mjs', '--no-ui')).toMatchObject({ kind: 'arguments', ui: false })
    expect(start('.')).toMatchObject({ kind: 'arguments', ui: true })
  })

  test.each([[['--nonsense']], [['--noui']], [['gateway.yaml']], [['--no-sandboxes']]])('%j is a problem', (argv) => {
    expect(packaged(argv).gateway.kind).toBe('problem')
  })

  test('variables count as they do without a window', () => {
    expect(packaged([], { LLM_GATEWAY_NO_UI: '1' }).gateway).toMatchObject({ ui: false })
  })
})
