import { describe, expect, test } from 'vitest'
import { SyntaxProblem } from '../../../../gateway/connect/formats/format.ts'
import { toml } from '../../../../gateway/connect/formats/toml.ts'

type Row = [name: string, before: string, path: string[], value: unknown, after: string]

const section = { name: 'G', base_url: 'http://x/v1', on: true }
const block = '[p.llm-gateway]\nname = "G"\nbase_url = "http://x/v1"\non = true\n'

const written: Row[] = [
  ['no file', '', ['model'], 'm', 'model = "m"\n'],
  ['in its place, with its comment', 'model="a"   # mine\n', ['model'], 'b "c"', 'model="b \\"c\\""   # mine\n'],
  ['a literal text', "model = 'a'\n", ['model'], 'b', 'model = "b"\n'],
  ['a text of several lines', 'a = """\nx\n"""\nb = 1\n', ['a'], 'y', 'a = "y"\nb = 1\n'],
  ['behind the keys of the file', 'a = 1 # one\n\n[t]\nb = 2\n', ['m'], 'x', 'a = 1 # one\nm = "x"\n\n[t]\nb = 2\n'],
  ['before the first table', '# head\n\n# of t\n[t]\nb = 2\n', ['m'], 'x', '# head\n\nm = "x"\n\n# of t\n[t]\nb = 2\n'],
  ['only comments', '# head', ['m'], 'x', '# head\nm = "x"\n'],
  ['without a last line ending', 'a = 1', ['m'], 'x', 'a = 1\nm = "x"'],
  ['into its table', '[f]\na = 1\n\n[g]\nb = 2\n', ['f', 'x'], true, '[f]\na = 1\nx = true\n\n[g]\nb = 2\n'],
  ['into an empty table', '[f]\n\n[g]\nb = 2\n', ['f', 'x'], true, '[f]\nx = true\n\n[g]\nb = 2\n'],
  ['a table that is not there', 'a = 1\n', ['f', 'x'], true, 'a = 1\n\n[f]\nx = true\n'],
  ['into an inline table', 'f = { a = 1 }\n', ['f', 'x'], true, 'f = { a = 1, x = true }\n'],
  ['a section', 'a = 1\n', ['p', 'llm-gateway'], section, `a = 1\n\n${block}`],
  [
    'a section behind others',
    '[p.other]\nname = "O"\n',
    ['p', 'llm-gateway'],
    section,
    `[p.other]\nname = "O"\n\n${block}`,
  ],
  [
    'a section in its place',
    `a = 1\n\n[p.llm-gateway]\nname = "old"\n# a note\nextra = 1\n\n# of z\n[z]\n`,
    ['p', 'llm-gateway'],
    section,
    `a = 1\n\n${block}\n# of z\n[z]\n`,
  ],
  [
    'a section with tables of its own',
    '[p.llm-gateway]\nname = "old"\n[p.llm-gateway.headers]\nx = "y"\n[z]\nb = 1\n',
    ['p', 'llm-gateway'],
    section,
    `${block}[z]\nb = 1\n`,
  ],
  ['CRLF', 'a = 1\r\n\r\n[f]\r\nb = 2\r\n', ['f', 'x'], 1, 'a = 1\r\n\r\n[f]\r\nb = 2\r\nx = 1\r\n'],
  ['names in quotes', '["a b"]\nc = 1\n', ['a b', 'd'], 2, '["a b"]\nc = 1\nd = 2\n'],
  [
    'brackets in texts and comments',
    'a = "[t]" # [f]\n\n[f]\nb = 2\n',
    ['f', 'x'],
    1,
    'a = "[t]" # [f]\n\n[f]\nb = 2\nx = 1\n',
  ],
  ['lists over lines', 'a = [\n  1, # [f]\n  2,\n]\n[f]\n', ['m'], 'x', 'a = [\n  1, # [f]\n  2,\n]\nm = "x"\n[f]\n'],
]

const removed: Row[] = [
  ['a key of the file', 'a = 1\nm = "x" # ours\n\n[t]\n', ['m'], undefined, 'a = 1\n\n[t]\n'],
  ['a key of a table', '[f]\na = 1\nx = true\n', ['f', 'x'], undefined, '[f]\na = 1\n'],
  ['the section at the end', `a = 1\n\n${block}`, ['p', 'llm-gateway'], undefined, 'a = 1\n'],
  [
    'the section in between',
    `a = 1\n\n${block}\n[z]\nb = 1\n`,
    ['p', 'llm-gateway'],
    undefined,
    'a = 1\n\n[z]\nb = 1\n',
  ],
  ['what is not there', 'a = 1\n', ['b'], undefined, 'a = 1\n'],
  ['an empty section', 'a = 1\n\n[f]\n', ['f'], undefined, 'a = 1\n'],
]

describe('edits touch their own lines', () => {
  test.each([...written, ...removed])('%s', (_name, before, path, value, after) => {
    const edited = toml.edit(before, { path, value })
    expect(edited).toBe(after)
    expect(() => toml.read(edited)).not.toThrow()
  })
})

test('dotted keys stay dotted', () => {
  const edited = toml.edit('f.a = 1\n# tail\n', { path: ['f', 'x'], value: true })
  expect(toml.read(edited)).toEqual({ f: { a: 1, x: true } })
  expect(edited).toContain('f.a = 1\n')
  expect(edited).toContain('# tail\n')
})

describe('broken syntax is told with its place, and without the line itself', () => {
  test.each<[string, number]>([
    ['a = 1\nkey = "secret-of-mine\n', 2],
    ['[t\n', 1],
    ['a = 1\na = 2\n', 2],
    ['a = \n', 1],
  ])('%j', (text, line) => {
    let error: unknown
    try {
      toml.read(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(SyntaxProblem)
    expect(error).toMatchObject({ line })
    expect(String(error)).toMatch(/not valid TOML: \w/)
    expect(String(error)).not.toContain('secret')
  })
})
