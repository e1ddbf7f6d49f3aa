import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { shownPath } from '../../../gateway/connect/places.ts'
import { tools } from '../../../gateway/connect/tools/index.ts'

const page = readFileSync('docs/connect.md', 'utf8')
const places = { home: '/home/me', platform: 'linux', env: {}, exists: () => false } as const

test.each(tools.map((tool) => [tool.id, tool] as const))('docs/connect.md has %s and its files', (id, tool) => {
  expect(page).toContain(`\`${id}\``)
  const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\``)) ?? ''
  if (tool.kind === 'copy') return expect(row).toBe('')
  for (const { path } of Object.values(tool.files(places))) expect(row).toContain(`\`${shownPath(places, path)}\``)
  expect(row).toContain(`| ${tool.model}${tool.hasSmallModel ? ', and a small one' : ''} |`)
})
