import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isStale } from '../../build/stale.ts'

const folder = mkdtempSync(join(tmpdir(), 'stale-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, time: number): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, '')
  utimesSync(path, time, time)
  return path
}

test('built is stale when it is not there, or something of its sources is newer', async () => {
  file('sources/deep/a.ts', 1000)
  utimesSync(join(folder, 'sources/deep'), 1000, 1000)
  utimesSync(join(folder, 'sources'), 1000, 1000)
  const sources = [join(folder, 'sources'), join(folder, 'missing')]
  expect(await isStale(join(folder, 'built.js'), sources)).toBe(true)
  const built = file('built.js', 2000)
  expect(await isStale(built, sources)).toBe(false)
  file('sources/deep/a.ts', 3000)
  expect(await isStale(built, sources)).toBe(true)
})
