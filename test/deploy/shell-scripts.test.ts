import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0
if (!hasShellcheck) {
  console.log('shellcheck: not installed (apt-get install shellcheck); the shell scripts are not looked at')
}

/** What is in the repository, and what is about to be. */
function filesOfTheProject(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  return execFileSync('git', args, { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && existsSync(file) && statSync(file).isFile())
}

const shell = /^#!\s*(?:\/usr\/bin\/env\s+(?:-S\s+)?|\/(?:usr\/)?bin\/)(?:ba|da|k)?sh\b/

function isShellScript(file: string): boolean {
  return /\.(sh|bash)$/.test(file) || shell.test(beginningOf(file))
}

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(64)
  const descriptor = openSync(file, 'r')
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}

const scripts = filesOfTheProject().filter((file) => isShellScript(file))

test('the scripts are found, with and without an ending', () => {
  expect(scripts).toEqual(expect.arrayContaining(['.ci/run', '.ci/system-packages']))
})

describe.skipIf(!hasShellcheck)('shellcheck', () => {
  test('it sees what is wrong', () => {
    const { status, stdout } = spawnSync('shellcheck', ['-'], { input: '#!/bin/sh\nrm $1\n', encoding: 'utf8' })
    expect(stdout).toContain('SC2086')
    expect(status).toBe(1)
  })

  test.each(scripts)('%s', (script) => {
    const { stdout, stderr } = spawnSync('shellcheck', ['--format=gcc', script], { encoding: 'utf8' })
    expect(`${stdout}${stderr}`).toBe('')
  })
})
