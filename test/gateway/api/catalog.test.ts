import { expect, test } from 'vitest'
import { catalogEntry, isLocalAddress } from '../../../gateway/api/catalog.ts'
import { catalogEntry as entrySchema } from '../../../gateway/contract.ts'
import { findRow, providerRows } from '../../../gateway/providers/provider.ts'
import type { ProviderRow } from '../../../gateway/providers/types.ts'

const entry = (id: string) => catalogEntry(findRow(id) as ProviderRow)

test('every row of the table is an entry of the contract', () => {
  for (const row of providerRows) expect(entrySchema.parse(catalogEntry(row))).toEqual(catalogEntry(row))
})

test('what must be known to add one', () => {
  expect(entry('anthropic')).toEqual({
    id: 'anthropic',
    title: 'Anthropic',
    dialect: 'anthropic-messages',
    dialects: ['anthropic-messages'],
    baseUrl: 'https://api.anthropic.com',
    isLocal: false,
    needsKey: true,
    keyName: 'ANTHROPIC_API_KEY',
    keyPage: 'https://platform.claude.com/settings/keys',
    needsBaseUrl: false,
    hasDeployments: false,
  })
  expect(entry('ollama')).toMatchObject({ isLocal: true, needsKey: false, keyPage: null })
  expect(entry('azure')).toMatchObject({ needsBaseUrl: true, baseUrl: null, needsKey: true })
  expect(entry('azure')).toMatchObject({ hasDeployments: true, dialects: ['openai-chat', 'openai-responses'] })
  expect(entry('openai-compatible')).toMatchObject({ needsBaseUrl: true, needsKey: false, isLocal: false })
})

test.each([
  ['http://127.0.0.1:11434/v1', true],
  ['http://localhost:1234', true],
  ['http://localhost', true],
  ['http://[::1]:8080', true],
  ['demo://local', true],
  ['https://api.openai.com/v1', false],
  ['http://localhost.example.com', false],
  [undefined, false],
])('%s is on this machine: %s', (url, local) => {
  expect(isLocalAddress(url)).toBe(local)
})
