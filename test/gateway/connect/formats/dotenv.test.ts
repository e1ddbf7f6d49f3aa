import { describe, expect, test } from 'vitest'
import { dotenv } from '../../../../gateway/connect/formats/dotenv.ts'

test('read as the tools read it', () => {
  const text = [
    '# A=0',
    'A=1',
    'export B = two words # note',
    `C='three # 3'`,
    'D="four\\nlines"',
    'E=',
    'not a line',
    'F="over',
    'lines"',
    'A=last',
  ].join('\n')
  expect(dotenv.read(text)).toEqual({
    A: 'last',
    B: 'two words',
    C: 'three # 3',
    D: 'four\nlines',
    E: '',
    F: 'over\nlines',
  })
})

describe('edits touch their own lines', () => {
  test.each<[string, string, string | undefined, string]>([
    ['', 'A', 'x', 'A=x\n'],
    ['B=1', 'A', 'x', 'B=1\nA=x\n'],
    ['# c\r\nB=1\r\n', 'A', 'x', '# c\r\nB=1\r\nA=x\r\n'],
    ['export A = "old" # note\nB=1\n', 'A', 'http://x:1/v1', 'export A = http://x:1/v1 # note\nB=1\n'],
    ['A=\nB=1\n', 'A', 'x', 'A=x\nB=1\n'],
    ['A=1\nA=2\n', 'A', 'x', 'A=1\nA=x\n'],
    ['B=1\n', 'A', 'two words', "B=1\nA='two words'\n"],
    ['A=1\n# c\nB=2\n', 'A', undefined, '# c\nB=2\n'],
    ['A=1\nB=2\nA=3\n', 'A', undefined, 'B=2\n'],
    ['AB=1\n', 'A', undefined, 'AB=1\n'],
  ])('%j: %s = %j', (before, name, value, after) => {
    const edited = dotenv.edit(before, { path: [name], value })
    expect(edited).toBe(after)
    expect((dotenv.read(edited) as Record<string, string>)[name]).toBe(value)
  })
})
