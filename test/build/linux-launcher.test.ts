import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { source } from '../../build/bundle.ts'

describe.skipIf(process.platform === 'win32')('the Linux launcher', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm gateway launcher '))
    const script = readFileSync(source('build/linux-launcher.sh'), 'utf8').replace('@VERSION@', '1.2.3')
    writeFileSync(join(folder, 'llm-gateway'), script)
    writeFileSync(join(folder, 'llm-gateway-bin'), '#!/bin/sh\nfor each in "$@"; do echo "$each"; done\n')
    // Stands for `id -u`.
    writeFileSync(join(folder, 'id'), '#!/bin/sh\necho "$TEST_UID"\n')
    for (const name of ['llm-gateway', 'llm-gateway-bin', 'id']) chmodSync(join(folder, name), 0o755)
    symlinkSync(join(folder, 'llm-gateway'), join(folder, 'link'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function start(args: readonly string[], env: Record<string, string> = {}, name = 'llm-gateway'): string[] {
    const path = `${folder}:${process.env['PATH']}`
    const printed = execFileSync(join(folder, name), args, {
      env: { PATH: path, TEST_UID: '0', ...env },
      encoding: 'utf8',
    })
    return printed.split('\n').slice(0, -1)
  }

  test.each([
    [['--no-ui', '--port', '0'], {}],
    [['--port', '0', '--no-ui'], {}],
    [['--check'], {}],
    [['--print-config'], {}],
    [['--help'], {}],
    [['connect', 'claude-code'], {}],
    [['prices', 'show', 'a model'], {}],
    [['uninstall'], {}],
    [[], { LLM_GATEWAY_NO_UI: '1' }],
    [[], { LLM_GATEWAY_NO_UI: 'True' }],
    [['--port', '1'], { LLM_GATEWAY_CHECK: 'on' }],
  ])('root without a window: %j %j', (args, env) => {
    expect(start(args, env)).toEqual(['--no-sandbox', ...args])
    expect(start(args, { ...env, TEST_UID: '1000' })).toEqual(args)
  })

  test.each([
    [[], {}],
    [['--port', '1'], {}],
    [['--hidden'], {}],
    [['--port', '1'], { LLM_GATEWAY_NO_UI: '0' }],
    [['--data-dir', 'connect'], {}],
    [['llm-gateway://provider?name=a b'], {}],
  ])('root with a window keeps the sandbox, and is refused by Chromium: %j %j', (args, env) => {
    expect(start(args, env)).toEqual(args)
  })

  test.each([['--version'], ['-v']])('%s is answered at once', (flag) => {
    expect(start([flag])).toEqual(['1.2.3'])
    expect(start([flag, '--no-ui'])).toEqual(['--no-sandbox', flag, '--no-ui'])
  })

  test('a link in another folder finds the program', () => {
    expect(start(['--no-ui'], { TEST_UID: '1000' }, 'link')).toEqual(['--no-ui'])
  })
})
