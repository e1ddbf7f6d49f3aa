import { describe, expect, test } from 'vitest'
import type { Path } from '../../../../gateway/connect/edit.ts'
import { SyntaxProblem } from '../../../../gateway/connect/formats/format.ts'
import { json } from '../../../../gateway/connect/formats/json.ts'

type Row = [name: string, before: string, path: Path, value: unknown, after: string]

const written: Row[] = [
  ['no file', '', ['env', 'A'], '1', '{\n  "env": {\n    "A": "1"\n  }\n}\n'],
  ['an empty object', '{}\n', ['a'], 1, '{\n  "a": 1\n}\n'],
  ['an empty object of an empty line', '{\n}\n', ['a'], 1, '{\n  "a": 1\n}\n'],
  ['only comments', '{\n  // nothing yet\n}\n', ['a'], 1, '{\n  // nothing yet\n  "a": 1\n}\n'],
  ['a comment and no value', '// mine\n', ['a'], 1, '// mine\n{\n  "a": 1\n}\n'],
  ['behind the last', '{\n  "a": 1\n}', ['b'], 2, '{\n  "a": 1,\n  "b": 2\n}'],
  ['in its place', '{ "a" : 1 /* x */, "b": 2 }', ['a'], 'é"', '{ "a" : "é\\"" /* x */, "b": 2 }'],
  ['on one line', '{"a":1}', ['b'], 2, '{"a":1, "b": 2}'],
  ['tabs', '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n', ['a', 'c'], 2, '{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": 2\n\t}\n}\n'],
  ['four spaces', '{\n    "a": 1\n}\n', ['b', 'c'], 2, '{\n    "a": 1,\n    "b": {\n        "c": 2\n    }\n}\n'],
  ['CRLF', '{\r\n  "a": 1\r\n}\r\n', ['b', 'c'], 2, '{\r\n  "a": 1,\r\n  "b": {\r\n    "c": 2\r\n  }\r\n}\r\n'],
  ['a trailing comma', '{\n  "a": 1,\n}\n', ['b'], 2, '{\n  "a": 1,\n  "b": 2,\n}\n'],
  ['a comment behind', '{\n  "a": 1 // one\n}\n', ['b'], 2, '{\n  "a": 1, // one\n  "b": 2\n}\n'],
  ['both', '{\n  "a": 1, // one\n}\n', ['b'], 2, '{\n  "a": 1, // one\n  "b": 2,\n}\n'],
  ['comments below', '{\n  "a": 1\n  // "b": 0\n}\n', ['b'], 2, '{\n  "a": 1,\n  "b": 2\n  // "b": 0\n}\n'],
  ['a comment with a comma', '{\n  "a": 1 /* , */\n}\n', ['b'], 2, '{\n  "a": 1, /* , */\n  "b": 2\n}\n'],
  ['a comma in a comment', '{\n  "a": 1 // x, y\n}\n', ['b'], 2, '{\n  "a": 1, // x, y\n  "b": 2\n}\n'],
  ['the last of two of one name', '{"a": 1, "a": 2}', ['a'], 3, '{"a": 1, "a": 3}'],
  [
    'an item of a list',
    '{\n  "l": [\n    { "n": "x" }\n  ]\n}\n',
    ['l', { item: { n: 'y' } }],
    { n: 'y' },
    '{\n  "l": [\n    { "n": "x" },\n    {\n      "n": "y"\n    }\n  ]\n}\n',
  ],
  [
    'an item that is there',
    '{"l": [{"n": "x", "v": 1}]}',
    ['l', { item: { n: 'x' } }, 'v'],
    2,
    '{"l": [{"n": "x", "v": 2}]}',
  ],
  [
    'a section of odd indentation',
    '{\n   "a": {\n     "b": 1 }\n}\n',
    ['a', 'c'],
    2,
    '{\n   "a": {\n     "b": 1,\n     "c": 2 }\n}\n',
  ],
]

const removed: Row[] = [
  ['the first', '{\n  "a": 1,\n  "b": 2\n}\n', ['a'], undefined, '{\n  "b": 2\n}\n'],
  ['the last', '{\n  "a": 1,\n  "b": 2\n}\n', ['b'], undefined, '{\n  "a": 1\n}\n'],
  [
    'with a comment on its neighbour',
    '{\n  "a": 1, // one\n  "b": 2\n}\n',
    ['b'],
    undefined,
    '{\n  "a": 1 // one\n}\n',
  ],
  ['with a trailing comma', '{\n  "a": 1,\n  "b": 2,\n}\n', ['b'], undefined, '{\n  "a": 1,\n}\n'],
  ['the only one', '{\n  "a": 1\n}\n', ['a'], undefined, '{\n}\n'],
  ['on one line', '{"a": 1, "b": 2, "c": 3}', ['b'], undefined, '{"a": 1, "c": 3}'],
  ['the last on one line', '{"a": 1, "b": 2}', ['b'], undefined, '{"a": 1}'],
  ['what is not there', '{"a": 1}', ['b'], undefined, '{"a": 1}'],
  [
    'a comment of somebody stays',
    '{\n  "a": 1, // keep me\n  "b": 2\n}\n',
    ['a'],
    undefined,
    '{\n  // keep me\n  "b": 2\n}\n',
  ],
]

describe('edits touch their own places', () => {
  test.each([...written, ...removed])('%s', (_name, before, path, value, after) => {
    const edited = json.edit(before, { path, value })
    expect(edited).toBe(after)
    expect(() => json.read(edited)).not.toThrow()
  })
})

test('where there is no room', () => {
  expect(() => json.edit('{"env": "x"}', { path: ['env', 'A'], value: '1' })).toThrow()
  expect(() => json.edit('[1]', { path: ['env', 'A'], value: '1' })).toThrow()
  expect(() => json.edit('{"env": null}', { path: ['env', 'A'], value: '1' })).toThrow()
})

describe('broken syntax is told with its place', () => {
  test.each<[string, string, number, number]>([
    ['{\n  "a": 1\n  "b": 2\n}', 'not valid JSON: comma expected', 3, 3],
    ['{\n  "a": \n}', 'not valid JSON: value expected', 3, 1],
    ['{"a": 1', 'not valid JSON: close brace expected', 1, 8],
    ['{"a": "x\n"}', 'not valid JSON: unexpected end of string', 1, 7],
  ])('%j', (text, message, line, column) => {
    const error = attempt(() => json.read(text))
    expect(error).toBeInstanceOf(SyntaxProblem)
    expect(error).toMatchObject({ message, line, column })
  })
})

function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
