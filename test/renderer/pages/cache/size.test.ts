import { describe, expect, test } from 'vitest'
import { parseSize, sizeProblem, writeSize } from '../../../../renderer/pages/cache/size.ts'

describe('parseSize', () => {
  test.each([
    ['512', 512 * 1024 ** 2],
    ['512 MB', 512 * 1024 ** 2],
    ['1.5gb', 1.5 * 1024 ** 3],
    ['1,024 KB', 1024 ** 2],
    ['100b', 100],
    ['', undefined],
    ['much', undefined],
    ['-5', undefined],
    ['5 TB', undefined],
  ])('%s', (text, bytes) => expect(parseSize(text)).toBe(bytes))
})

describe('writeSize', () => {
  test.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [4100, '4 KB'],
    [84_300_000, '80.4 MB'],
    [512 * 1024 ** 2, '512 MB'],
    [1024 ** 3, '1 GB'],
    [1.25 * 1024 ** 3, '1.25 GB'],
  ])('%d', (bytes, text) => expect(writeSize(bytes)).toBe(text))

  test.each([1024 ** 2, 512 * 1024 ** 2, 1.5 * 1024 ** 3])('%d is read back as it was', (bytes) => {
    expect(parseSize(writeSize(bytes))).toBe(bytes)
  })
})

test.each([
  [undefined, /like 512 MB/],
  [999_999, /At least/],
  [64_000_000_001, /At most/],
])('a cache of %s bytes is refused in words', (bytes, words) => expect(sizeProblem(bytes)).toMatch(words))

test('a usual size is no problem', () => expect(sizeProblem(536_870_912)).toBeUndefined())
