import { describe, expect, test } from 'vitest'
import { EventRest } from '../../../gateway/pipeline/event-rest.ts'

describe('an end is found wherever the cuts are', () => {
  const big = `data: ${'x'.repeat(5000)}`
  const table: [what: string, pieces: string[], ends: boolean][] = [
    ['nowhere', ['data: a', '\n'], false],
    ['in the new piece', ['data: a', '\n\ndata: b'], true],
    ['between two pieces', ['data: a\n', '\ndata: b'], true],
    ['over three', [`${big}\r`, '\n', '\r\n'], true],
    ['over four', [`${big}\r`, '\n', '\r', '\n'], true],
    ['not quite', [`${big}\r`, '\n', '\r'], false],
    ['one line end of two bytes is none', [`${big}\r`, '\n'], false],
  ]
  test.each(table)('%s', (_what, pieces, ends) => {
    const rest = new EventRest()
    const buffers = pieces.map((piece) => Buffer.from(piece))
    const last = buffers.pop() as Buffer
    for (const each of buffers) {
      expect(rest.endsIn(each)).toBe(false)
      rest.keep(each)
    }
    expect(rest.endsIn(last)).toBe(ends)
    expect(rest.take(last).toString()).toBe(pieces.join(''))
    expect(rest.length).toBe(0)
  })
})

test('what was taken is forgotten', () => {
  const rest = new EventRest()
  rest.keep(Buffer.from('a\n'))
  rest.take(Buffer.from('\n'))
  expect(rest.endsIn(Buffer.from('\n'))).toBe(false)
  expect(rest.take(Buffer.from('b')).toString()).toBe('b')
})
