import { describe, expect, test } from 'vitest'
import type { CliArguments } from '../../gateway/cli-arguments.ts'
import { defaultDataDir, findConfigFile, helpText, parseArguments } from '../../gateway/cli-arguments.ts'

const nothing: CliArguments = {
  kind: 'arguments',
  command: 'run',
  config: undefined,
  port: undefined,
  host: undefined,
  dataDir: undefined,
  ui: true,
  adminToken: undefined,
}

describe('flags and variables', () => {
  const rows: [string[], Record<string, string>, Partial<CliArguments>][] = [
    [[], {}, {}],
    [['--config', 'a.yaml'], {}, { config: 'a.yaml' }],
    [['-c', 'a.yaml'], {}, { config: 'a.yaml' }],
    [['--config=a=b.yaml'], {}, { config: 'a=b.yaml' }],
    [['--port', '9000', '--host', '::1'], {}, { port: 9000, host: '::1' }],
    [['--port=0'], {}, { port: 0 }],
    [['-p', '65535'], {}, { port: 65_535 }],
    [['--port', '1', '--port', '2'], {}, { port: 2 }],
    [['--data-dir', '/data'], {}, { dataDir: '/data' }],
    [['--admin-token', 'a-token-of-20-letters'], {}, { adminToken: 'a-token-of-20-letters' }],
    [[], { LLM_GATEWAY_ADMIN_TOKEN: 'a-token-of-20-letters' }, { adminToken: 'a-token-of-20-letters' }],
    [['--check'], {}, { command: 'check' }],
    [['--print-config'], {}, { command: 'print-config' }],
    [['--version'], {}, { command: 'version' }],
    [['-v'], {}, { command: 'version' }],
    [['--help'], {}, { command: 'help' }],
    [['-h', '--check', '--port', '5'], {}, { command: 'help', port: 5 }],
    [['--no-ui'], {}, { ui: false }],
    // Variables; a flag wins.
    [
      [],
      { LLM_GATEWAY_CONFIG: 'e.yaml', LLM_GATEWAY_PORT: '1', LLM_GATEWAY_HOST: 'h', LLM_GATEWAY_DATA_DIR: 'd' },
      { config: 'e.yaml', port: 1, host: 'h', dataDir: 'd' },
    ],
    [['--port', '2'], { LLM_GATEWAY_PORT: '1' }, { port: 2 }],
    [['--port', '2'], { LLM_GATEWAY_PORT: 'nonsense' }, { port: 2 }],
    [[], { LLM_GATEWAY_PORT: '' }, {}],
    [[], { LLM_GATEWAY_CHECK: '1' }, { command: 'check' }],
    [[], { LLM_GATEWAY_PRINT_CONFIG: 'true', LLM_GATEWAY_NO_UI: 'yes' }, { command: 'print-config', ui: false }],
    [[], { LLM_GATEWAY_CHECK: '0', LLM_GATEWAY_NO_UI: 'false' }, {}],
    // Not ours: the image tag of a deployment, and what Kubernetes sets beside a Service called llm-gateway.
    [[], { LLM_GATEWAY_VERSION: '1.2.3' }, {}],
    [[], { LLM_GATEWAY_PORT: 'tcp://10.0.0.1:8080' }, {}],
  ]
  test.each(rows)('%j with %j', (argv, env, expected) => {
    expect(parseArguments(argv, env)).toEqual({ ...nothing, ...expected })
  })
})

describe('problems', () => {
  const rows: [string[], Record<string, string>, string][] = [
    [['--prot', '1'], {}, 'unknown flag --prot, did you mean --port?'],
    [['--confg=x'], {}, 'unknown flag --confg, did you mean --config?'],
    [['--datadir', 'x'], {}, 'unknown flag --datadir, did you mean --data-dir?'],
    [['--toString'], {}, 'unknown flag --toString'],
    [['-x'], {}, 'unknown flag -x'],
    [['--port', 'abc'], {}, '--port: "abc" is not a port; give a whole number from 0 to 65535'],
    [['--port', '70000'], {}, '--port: "70000" is not a port; give a whole number from 0 to 65535'],
    [['--port', '80.5'], {}, '--port: "80.5" is not a port; give a whole number from 0 to 65535'],
    [['--port=-1'], {}, '--port: "-1" is not a port; give a whole number from 0 to 65535'],
    [['--port'], {}, '--port needs a value: --port N'],
    [['--config', '--check'], {}, '--config needs a value: --config FILE'],
    [['--host='], {}, '--host needs a value: --host H'],
    [['--admin-token', 'short'], {}, '--admin-token: the token must have at least 16 characters, without spaces'],
    [
      [],
      { LLM_GATEWAY_ADMIN_TOKEN: 'with a space in its midst' },
      'LLM_GATEWAY_ADMIN_TOKEN: the token must have at least 16 characters, without spaces',
    ],
    [['--check=yes'], {}, '--check takes no value'],
    [['serve'], {}, 'unexpected argument "serve"'],
    [['gateway.yaml'], {}, 'unexpected argument "gateway.yaml"; did you mean --config gateway.yaml?'],
    [[], { LLM_GATEWAY_PORT: 'abc' }, 'LLM_GATEWAY_PORT: "abc" is not a port; give a whole number from 0 to 65535'],
    [[], { LLM_GATEWAY_CHECK: 'perhaps' }, 'LLM_GATEWAY_CHECK: "perhaps" is neither 1 nor 0'],
  ]
  test.each(rows)('%j with %j', (argv, env, message) => {
    expect(parseArguments(argv, env)).toEqual({ kind: 'problem', message: `${message} (--help lists the flags)` })
  })
})

test('the help names every flag and variable, in lines that fit a terminal', () => {
  const text = helpText()
  for (const word of [
    '--config FILE',
    '--port N',
    '--host H',
    '--data-dir DIR',
    '--admin-token TOKEN',
    '--check',
    '--print-config',
    '--no-ui',
    '--version',
    '--help',
    'LLM_GATEWAY_CONFIG',
    'LLM_GATEWAY_PORT',
    'LLM_GATEWAY_HOST',
    'LLM_GATEWAY_DATA_DIR',
    'LLM_GATEWAY_ADMIN_TOKEN',
  ]) {
    expect(text).toContain(word)
  }
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130)
})

describe('findConfigFile', () => {
  const rows: [string, string | undefined, string[], string | undefined][] = [
    ['given', 'x.yaml', [], '/srv/x.yaml'],
    ['given absolutely', '/etc/x.yaml', ['/srv/gateway.yaml'], '/etc/x.yaml'],
    ['found', undefined, ['/srv/gateway.yaml', '/srv/gateway.yml'], '/srv/gateway.yaml'],
    ['found with the short ending', undefined, ['/srv/gateway.yml'], '/srv/gateway.yml'],
    ['found in the data folder', undefined, ['/data/gateway.yaml'], '/data/gateway.yaml'],
    ['found in both', undefined, ['/data/gateway.yaml', '/srv/gateway.yml'], '/srv/gateway.yml'],
    ['none', undefined, [], undefined],
  ]
  test.each(rows)('%s', (_, given, files, expected) => {
    const exists = (file: string) => files.includes(file)
    expect(findConfigFile({ given, workingDirectory: '/srv', folders: ['/srv', '/data'], exists })).toBe(expected)
  })
})

describe('defaultDataDir', () => {
  const rows: [NodeJS.Platform, Record<string, string>, string][] = [
    ['linux', { HOME: '/home/a' }, '/home/a/.local/share/llm-gateway'],
    ['linux', { HOME: '/home/a', XDG_DATA_HOME: '/data' }, '/data/llm-gateway'],
    ['linux', { HOME: '/home/a', XDG_DATA_HOME: 'relative' }, '/home/a/.local/share/llm-gateway'],
    ['linux', {}, '/fallback/.local/share/llm-gateway'],
    ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Application Support/llm-gateway'],
    ['win32', { APPDATA: String.raw`C:\Users\a\AppData\Roaming` }, String.raw`C:\Users\a\AppData\Roaming\llm-gateway`],
    ['win32', {}, String.raw`\fallback\AppData\Roaming\llm-gateway`],
  ]
  test.each(rows)('%s with %j', (platform, env, expected) => {
    expect(defaultDataDir(env, platform, '/fallback')).toBe(expected)
  })
})
