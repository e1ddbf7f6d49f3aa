import { describe, expect, test } from 'vitest'
import type { ConfigPath } from '../../../gateway/config/path.ts'
import { formatPath } from '../../../gateway/config/path.ts'
import { positionOf } from '../../../gateway/config/position.ts'
import { parseYaml } from '../../../gateway/config/yaml-source.ts'

const text = `server:
  port: 8080
  cors: { enabled: true }
providers:
  - name: a
    models: [x, y]
  - &second
    name: b
copy: *second
empty:
4: four
`

describe('positionOf', () => {
  const rows: [ConfigPath, 'key' | 'value', [number, number] | undefined][] = [
    [['server', 'port'], 'value', [2, 9]],
    [['server', 'port'], 'key', [2, 3]],
    [['server'], 'value', [1, 1]],
    [['server', 'cors'], 'value', [3, 9]],
    [['server', 'cors', 'enabled'], 'value', [3, 20]],
    [['providers'], 'value', [4, 1]],
    [['providers', 0], 'value', [5, 5]],
    [['providers', 0, 'models', 1], 'value', [6, 17]],
    // What is not there is shown by what is above it.
    [['providers', 0, 'apiKey'], 'value', [5, 5]],
    [['server', 'cors', 'allowedOrigins'], 'value', [3, 9]],
    [['providers', 9, 'name'], 'value', [4, 1]],
    [['copy', 'name'], 'value', [8, 11]],
    [['empty'], 'value', [10, 1]],
    [['4'], 'value', [11, 4]],
    [['nothing', 'at', 'all'], 'value', undefined],
    [[], 'value', undefined],
  ]
  test.each(rows)('%j, its %s, is at %j', (path, at, expected) => {
    const position = positionOf(parseYaml(text), path, at)
    expect(position && [position.line, position.column]).toEqual(expected)
  })
})

test.each([
  [[], ''],
  [['server', 'port'], 'server.port'],
  [['providers', 0, 'name'], 'providers[0].name'],
  [['rateLimit', 'perModel', 'gpt-4.1', 'requests'], 'rateLimit.perModel["gpt-4.1"].requests'],
  [['pricing', 'overrides', 'a/b "c"'], 'pricing.overrides["a/b \\"c\\""]'],
])('formatPath(%j) is %s', (path, expected) => {
  expect(formatPath(path)).toBe(expected)
})
