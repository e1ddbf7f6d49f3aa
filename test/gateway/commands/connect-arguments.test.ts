import { describe, expect, test } from 'vitest'
import { connectHelp, type ConnectArguments } from '../../../gateway/commands/connect-arguments.ts'
import { parseArguments } from '../../../gateway/cli-arguments.ts'

const nothing: ConnectArguments = {
  kind: 'connect',
  tool: undefined,
  undo: false,
  dryRun: false,
  json: false,
  help: false,
  url: undefined,
  key: undefined,
  model: undefined,
  smallModel: undefined,
  dataDir: undefined,
  adminToken: undefined,
}

describe('flags and variables', () => {
  test.each<[string[], Record<string, string>, Partial<ConnectArguments>]>([
    [[], {}, {}],
    [['codex'], {}, { tool: 'codex' }],
    [['codex', '--undo', '--dry-run', '--json'], {}, { tool: 'codex', undo: true, dryRun: true, json: true }],
    [['--model', 'a/b', 'codex', '--small-model=c'], {}, { tool: 'codex', model: 'a/b', smallModel: 'c' }],
    [['codex', '--url', 'http://10.0.0.5:9000/v1/'], {}, { tool: 'codex', url: 'http://10.0.0.5:9000' }],
    [['codex', '--url', 'localhost:9000'], {}, { tool: 'codex', url: 'http://localhost:9000' }],
    [['codex', '--url', 'https://x.example/llm/v1beta'], {}, { tool: 'codex', url: 'https://x.example/llm' }],
    [['codex'], { LLM_GATEWAY_PORT: '9000' }, { tool: 'codex', url: 'http://127.0.0.1:9000' }],
    [['codex'], { LLM_GATEWAY_PORT: 'tcp://10.0.0.1:1' }, { tool: 'codex' }],
    [['codex', '--key', 'gw-12345'], {}, { tool: 'codex', key: 'gw-12345' }],
    [['codex', '--key', 'local'], {}, { tool: 'codex', key: 'local' }],
    [['codex'], { LLM_GATEWAY_PORT: '99999' }, { tool: 'codex' }],
    [[], { LLM_GATEWAY_DATA_DIR: '/d', LLM_GATEWAY_ADMIN_TOKEN: 't' }, { dataDir: '/d', adminToken: 't' }],
    [['--data-dir', '/e', '--admin-token', 'u'], { LLM_GATEWAY_DATA_DIR: '/d' }, { dataDir: '/e', adminToken: 'u' }],
    [['-h'], {}, { help: true }],
  ])('%j with %j', (argv, env, expected) => {
    expect(parseArguments(['connect', ...argv], env)).toEqual({ ...nothing, ...expected })
  })
})

const noUrl = '--url: that is not the address of a gateway; write it as http://127.0.0.1:8080'
const noKey = '--key: a key has at least 8 characters, without spaces'

describe('problems', () => {
  test.each<[string[], string]>([
    [['codex', 'opencode'], 'unexpected argument "opencode": connect one tool at a time'],
    [['codex', '--dryrun'], 'unknown flag --dryrun, did you mean --dry-run?'],
    [['codex', '--model'], '--model needs a value'],
    [['codex', '--model', '--undo'], '--model needs a value'],
    [['codex', '--undo=1'], '--undo takes no value'],
    [['--undo'], '--undo needs the name of a tool'],
    [['codex', '--url', 'ftp://x'], noUrl],
    [['codex', '--url', 'http://me:secret@127.0.0.1:8080'], noUrl],
    [['codex', '--url', 'http://127.0.0.1:8080/?key=secret'], noUrl],
    [['codex', '--url', 'http://127.0.0.1:8080/#x'], noUrl],
    [['codex', '--key', 'short'], noKey],
    [['codex', '--key', 'with a space'], noKey],
    [['codex', '--key', 'not-äscii-at-all'], noKey],
  ])('%j', (argv, message) => {
    expect(parseArguments(['connect', ...argv], {})).toEqual({
      kind: 'problem',
      message: `${message} (connect --help lists the flags)`,
    })
  })
})

test('connect behind flags', () => {
  expect(parseArguments(['--data-dir', 'x', 'connect', 'codex'], {})).toEqual({
    kind: 'problem',
    message: 'connect comes first: llm-gateway connect TOOL (--help lists the flags)',
  })
})

test('the help names every flag', () => {
  for (const flag of [
    'undo',
    'dry-run',
    'model',
    'small-model',
    'url',
    'key',
    'data-dir',
    'admin-token',
    'json',
    'help',
  ]) {
    expect(connectHelp()).toContain(`--${flag}`)
  }
})
