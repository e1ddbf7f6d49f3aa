import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HeldBytes } from '../../../../gateway/pipeline/forward/held-bytes.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'held-bytes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function whole(held: HeldBytes): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of held.read()) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test.each([
  ['in memory', 100],
  ['on disk', 4],
  ['on disk from the first byte', 0],
])('%s: all of it, in order, and no file is left to be found', async (_name, inMemory) => {
  const held = new HeldBytes(inMemory, folder)
  for (const text of ['abc', 'de', '', 'fghij']) await held.add(Buffer.from(text))
  expect(held.length).toBe(10)
  expect(await readdir(folder)).toEqual([])
  expect(await whole(held)).toBe('abcdefghij')
  held.close()
  held.close()
  expect(await whole(held)).toBe('')
})

test('more than one piece of the file', async () => {
  const held = new HeldBytes(10, folder)
  const text = 'x'.repeat(200_000)
  await held.add(Buffer.from(text))
  expect(await whole(held)).toBe(text)
  held.close()
})

test('a disk that cannot be written is said so', async () => {
  const held = new HeldBytes(0, join(folder, 'not-there'))
  await expect(held.add(Buffer.from('x'))).rejects.toMatchObject({ code: 'internal_error', message: /ENOENT/ })
})
