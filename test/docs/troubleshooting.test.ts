import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf } from '../documents/read-pages.ts'

/** What docs/troubleshooting.md quotes is what people see: each text stands in the code, but for what differs. */

const page = 'docs/troubleshooting.md'
const quoted = blocksOf(page)
  .filter(({ language }) => language === 'text')
  .flatMap(({ text, line }) =>
    text
      .trim()
      .split('\n')
      .map((message) => [line, message] as const),
  )

/** The code with what separates the parts of a message taken out: values, and the joints of long texts. */
const code = ['gateway', 'main']
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => plain(readFileSync(file, 'utf8')))
  .join('\n')

function plain(text: string): string {
  return text.replaceAll(/['`] \+\n\s*['`]/g, '').replaceAll(/\\(?=[$`'])/g, '')
}

/** What stands between values and joints of a message, where it has two words at least. */
function partsOf(message: string): string[] {
  return message.split(/…|"|\$\{|[:;,.] |[:;,.?]$/).flatMap((part) => (/\p{L} \p{L}/u.test(part) ? [part.trim()] : []))
}

describe(page, () => {
  test('quotes much', () => {
    expect(quoted.length).toBeGreaterThan(30)
  })

  test.each(quoted)('line %i: %s', (_line, message) => {
    expect(partsOf(message).filter((part) => !code.includes(part))).toEqual([])
  })

  test('a text that is nowhere is noticed', () => {
    expect(partsOf('Port … is taken by … some giraffes: …').filter((part) => !code.includes(part))).toEqual([
      'some giraffes',
    ])
  })
})
