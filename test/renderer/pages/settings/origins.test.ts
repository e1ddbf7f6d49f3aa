import { describe, expect, test } from 'vitest'
import { readOrigins } from '../../../../renderer/pages/settings/origins.ts'

describe('readOrigins', () => {
  test.each([
    ['', []],
    ['http://localhost:3000', ['http://localhost:3000']],
    ['http://localhost:3000/\nhttps://App.Example.com', ['http://localhost:3000', 'https://app.example.com']],
    ['http://a.test, http://b.test', ['http://a.test', 'http://b.test']],
    ['http://a.test http://a.test/', ['http://a.test']],
    ['*', ['*']],
    ['vscode-webview://abc', ['vscode-webview://abc']],
  ])('%j', (text, origins) => expect(readOrigins(text)).toEqual({ origins }))

  test.each(['localhost:3000', 'http://a.test/path', 'http://', 'http://user@a.test'])(
    '%s is refused by name',
    (text) => {
      expect(readOrigins(text)).toEqual({ problem: expect.stringContaining(text) })
    },
  )

  test('more than the contract takes', () => {
    const text = Array.from({ length: 101 }, (_, index) => `http://a${index}.test`).join('\n')
    expect(readOrigins(text)).toEqual({ problem: 'At most 100 origins.' })
  })
})
