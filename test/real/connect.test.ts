import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** `llm-gateway connect` as its users start it, from the sources and in the one file: every format has its library along. */

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'llm-gateway-connect-'))
})
afterEach(() => rm(home, { recursive: true }))

interface Done {
  code: number
  out: string
  err: string
}

function run(script: string, ...argv: string[]): Promise<Done> {
  const options = { cwd: home, env: { PATH: process.env['PATH'] ?? '', HOME: home } }
  return new Promise((done) => {
    execFile(process.execPath, [resolve(script), 'connect', ...argv], options, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })
}

// Whoever listens at the usual port of this machine is not asked.
const gateway = ['--url', 'http://127.0.0.1:9', '--key', 'gw-given-by-hand-0001', '--model', 'smart']

describe.each(['gateway/cli.ts', 'dist/headless/llm-gateway.mjs'])('%s', (script) => {
  test.each([
    ['claude-code', '.claude/settings.json', '{\n\t"a": 1, // mine\n}\n'],
    ['codex', '.codex/config.toml', '# mine\n[features]\na = true\n'],
    ['gemini-cli', '.gemini/.env', '# mine\nA=1\n'],
    ['aider', '.aider.conf.yml', '# mine\ndark-mode: true\n'],
  ])('%s and back', async (tool, file, text) => {
    const path = join(home, file)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
    const connected = await run(script, tool, ...gateway)
    expect(connected).toMatchObject({ code: 0, err: '' })
    expect(connected.out).toContain('is connected to http://127.0.0.1:9')
    expect(await readFile(path, 'utf8')).toContain('gw-given-by-hand-0001')
    expect(await run(script, tool, '--undo')).toMatchObject({ code: 0, err: '' })
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  test('called wrongly', async () => {
    expect(await run(script, 'nothing')).toMatchObject({ code: 2, out: '' })
    expect(await run(script, '--nothing')).toMatchObject({ code: 2, out: '' })
  })
})
