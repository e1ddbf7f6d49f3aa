import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { uiMark, unpackUi } from '../../build/embedded-ui.ts'
import { packUi } from '../../build/pack-ui.ts'

test.each([
  ['no files', []],
  [
    'text and bytes',
    [
      ['index.html', Buffer.from('<p>ü</p>')],
      ['assets/a-1.woff2', randomBytes(5000)],
    ],
  ],
  [
    'an empty file',
    [
      ['empty.txt', Buffer.alloc(0)],
      ['after.txt', Buffer.from('x')],
    ],
  ],
] as [string, [string, Buffer][]][])('%s come back as they were', async (_name, files) => {
  // A program may hold the mark itself: the last one counts.
  const program = `console.log(1)${uiMark}not this one\nconsole.log(2)${packUi(new Map(files))}`
  const unpacked = await unpackUi(program)
  expect([...unpacked].map(([path, bytes]) => [path, Buffer.from(bytes)])).toEqual(files)
})

test('it is one line of plain characters, which a program can end with', () => {
  const packed = packUi(new Map([['a', randomBytes(999)]]))
  expect(packed).toMatch(/^\n\/\/ui:[A-Za-z0-9+/=]+$/)
})
