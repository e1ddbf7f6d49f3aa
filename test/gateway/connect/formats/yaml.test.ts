import { describe, expect, test } from 'vitest'
import type { Path } from '../../../../gateway/connect/edit.ts'
import { SyntaxProblem } from '../../../../gateway/connect/formats/format.ts'
import { yaml } from '../../../../gateway/connect/formats/yaml.ts'

const item: Path = ['models', { item: { name: 'G' } }]

describe('edits touch their own lines', () => {
  test.each<[string, string, Path, unknown, string]>([
    ['no file', '', ['a'], 'x', 'a: x\n'],
    ['at the end', '# c\nb: 1 # one\n', ['a'], 'x', '# c\nb: 1 # one\na: x\n'],
    ['in its place', 'a: "old" # mine\nb: 1\n', ['a'], 'new', 'a: "new" # mine\nb: 1\n'],
    [
      'an item',
      'models:\n  - name: X # x\n    v: 1\nz: 1\n',
      item,
      { name: 'G', v: 2 },
      'models:\n  - name: X # x\n    v: 1\n  - name: G\n    v: 2\nz: 1\n',
    ],
    ['a member of an item', 'models:\n- {name: G, v: 1}\n', [...item, 'v'], 2, 'models:\n- {name: G, v: 2}\n'],
    [
      'an item that goes',
      'models:\n  - name: X\n  - name: G\n    v: 2\nz: 1\n',
      item,
      undefined,
      'models:\n  - name: X\nz: 1\n',
    ],
    ['CRLF', 'b: 1\r\n# c\r\n', ['a'], 'x', 'b: 1\r\na: x\r\n# c\r\n'],
    ['in its place with CRLF', 'a: 1\r\nb: 2\r\n', ['a'], 'x', 'a: x\r\nb: 2\r\n'],
    ['goes', 'b: 1\na: x\n# c\n', ['a'], undefined, 'b: 1\n# c\n'],
  ])('%s', (_name, before, path, value, after) => {
    expect(yaml.edit(before, { path, value })).toBe(after)
  })
})

test('broken syntax is told with its place', () => {
  let error: unknown
  try {
    yaml.read('a: 1\n b: [\n')
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(SyntaxProblem)
  expect(error).toMatchObject({ line: 1 })
})
