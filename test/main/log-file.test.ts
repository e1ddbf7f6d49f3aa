import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createLogFile } from '../../main/log-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'log-file-'))
const file = join(folder, 'logs', 'app.log')
afterEach(() => rmSync(join(folder, 'logs'), { recursive: true, force: true }))

test('lines are appended, also by the next start', () => {
  createLogFile(file)('one\n')
  createLogFile(file)('two\n')
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
})

test('a file that is full makes room, and the one before is kept', () => {
  const write = createLogFile(file, 10)
  for (const line of ['123456789\n', 'abc\n', 'def\n']) write(line)
  expect(readFileSync(`${file}.old`, 'utf8')).toBe('123456789\nabc\n')
  expect(readFileSync(file, 'utf8')).toBe('def\n')
})

test('what cannot be written stops nobody', () => {
  writeFileSync(join(folder, 'in-the-way'), '')
  expect(() => createLogFile(join(folder, 'in-the-way', 'app.log'))('lost\n')).not.toThrow()
})
