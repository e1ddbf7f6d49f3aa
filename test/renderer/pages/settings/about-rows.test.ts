import { expect, test } from 'vitest'
import type { Status } from '../../../../gateway/contract.ts'
import { aboutRows } from '../../../../renderer/pages/settings/about-rows.ts'

const status = {
  version: '0.1.0',
  shell: 'headless',
  platform: 'darwin',
  url: null,
  configHome: 'file',
  configFile: '/etc/gateway.yaml',
  dataFolder: null,
  secretStore: { kind: 'none', problem: null, fileIsPossible: true },
} as unknown as Status

test('what is there can be copied, what is not says why', () => {
  expect(aboutRows(status).map(({ label, value, note }) => [label, value ?? note])).toEqual([
    ['Version', 'LLM Gateway 0.1.0 (headless, macOS)'],
    ['Address', 'It does not listen now'],
    ['Configuration', '/etc/gateway.yaml'],
    ['Data folder', 'None: what was spent is forgotten when it stops'],
    ['Keys', 'Only as environment variables'],
  ])
})

test('the app keeps its configuration itself', () => {
  const row = aboutRows({ ...status, configHome: 'app', configFile: null }).find(
    ({ label }) => label === 'Configuration',
  )
  expect(row).toMatchObject({ value: undefined, note: expect.stringContaining('In the app itself') })
})
