import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAdminGate, keepAdminToken } from '../../../gateway/api/admin-token.ts'

const token = 'the-right-token-of-this-gateway'
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-gateway-token-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('only the whole token opens the gate', () => {
  const gate = createAdminGate(token, () => 0)
  const tried = [token, `${token}x`, token.slice(1), token.toUpperCase(), '', undefined]
  expect(tried.map((each) => gate.check(each, 'a'))).toEqual(['ok', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong'])
})

test('after ten wrong ones in a minute an address has to wait, whatever it sends; others need not', () => {
  let now = 0
  const gate = createAdminGate(token, () => now)
  for (let attempt = 0; attempt < 10; attempt += 1) expect(gate.check(`wrong-${attempt}`, 'a')).toBe('wrong')
  expect([gate.check(token, 'a'), gate.check(token, 'b')]).toEqual(['too-many', 'ok'])
  now = 59_999
  expect(gate.check(token, 'a')).toBe('too-many')
  now = 60_000
  expect(gate.check(token, 'a')).toBe('ok')
})

test('asking without a token is no guess', () => {
  const gate = createAdminGate(token, () => 0)
  for (let attempt = 0; attempt < 50; attempt += 1) gate.check(undefined, 'a')
  expect(gate.check(token, 'a')).toBe('ok')
})

test('a token is made once, for its owner only, and found again', async () => {
  const first = await keepAdminToken(folder)
  expect(first).toMatchObject({ isNew: true, file: join(folder, 'admin-token') })
  expect(first.token).toMatch(/^[\w-]{43}$/)
  expect((await stat(join(folder, 'admin-token'))).mode & 0o777).toBe(0o600)
  expect(await keepAdminToken(folder)).toEqual({ ...first, isNew: false })
  expect((await readFile(join(folder, 'admin-token'), 'utf8')).trim()).toBe(first.token)
})

test('an empty file, or no folder, does not make an empty token', async () => {
  await writeFile(join(folder, 'admin-token'), '\n')
  for (const kept of [await keepAdminToken(folder), await keepAdminToken(undefined)]) {
    expect(kept).toMatchObject({ isNew: true, file: undefined })
    expect(kept.token).toMatch(/^[\w-]{43}$/)
  }
})
