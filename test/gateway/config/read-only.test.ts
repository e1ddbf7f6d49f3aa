import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyReadOnly } from '../../../gateway/config/read-only.ts'

test('why nothing can be changed, before anybody tries', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-read-only-'))
  const file = join(folder, 'gateway.yaml')
  await writeFile(file, '')
  expect(await whyReadOnly({ kind: 'app', file: undefined })).toBeUndefined()
  expect(await whyReadOnly({ kind: 'none', file: undefined })).toMatch(/without a configuration file/)
  expect(await whyReadOnly({ kind: 'file', file })).toBeUndefined()
  // Its folder comes with the first edit.
  expect(await whyReadOnly({ kind: 'file', file: join(folder, 'later', 'gateway.yaml') })).toBeUndefined()
  // A folder that cannot be written in, for root as well: it is a file.
  expect(await whyReadOnly({ kind: 'file', file: join(file, 'below', 'gateway.yaml') })).toMatch(/cannot be written/)
  await rm(folder, { recursive: true })
})
