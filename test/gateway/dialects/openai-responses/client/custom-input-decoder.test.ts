import { describe, expect, test } from 'vitest'
import { CustomInputDecoder } from '../../../../../gateway/dialects/openai-responses/client/custom-input-decoder.ts'

function decode(pieces: string[]): { pieces: string[]; text: string } {
  const decoder = new CustomInputDecoder()
  const told = [...pieces.map((piece) => decoder.push(piece)), decoder.end()].filter((piece) => piece !== '')
  expect(told.join('')).toBe(decoder.text)
  return { pieces: told, text: decoder.text }
}

describe('whatever the cuts', () => {
  const text = 'a "quoted" \\ back\n\ttab é € 😀 \u0001 end'
  const written = [
    JSON.stringify({ input: text }),
    ` { "input" : ${JSON.stringify(text)} } `,
    // As Python writes it: everything but ASCII escaped, pairs too.
    JSON.stringify({ input: text }).replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    // As a careless model writes it.
    `{"input":"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"}`,
  ]

  test.each(written)('%s', (json) => {
    for (let cut = 0; cut <= json.length; cut += 1) {
      const { text: decoded, pieces } = decode([json.slice(0, cut), json.slice(cut)])
      expect(decoded).toBe(text)
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
    }
    expect(decode([...json]).text).toBe(text)
  })
})

test.each<[name: string, pieces: string[], text: string]>([
  ['nothing', [], ''],
  ['no text', ['{"input":""}'], ''],
  ['bare text', ['*** Begin', ' Patch'], '*** Begin Patch'],
  ['text that looks like JSON', ['{"in', 'valid'], '{"invalid'],
  ['a JSON string', ['"hello"'], '"hello"'],
  ['another member first', ['{"why":"x","input":"y"}'], 'y'],
  ['no such member', ['{"command":"ls"}'], '{"command":"ls"}'],
  ['cut off', ['{"input":"abc\\'], 'abc'],
  ['cut off before it began', ['{"inp'], '{"inp'],
  ['a member after it', ['{"input":"x","more":"y"}'], 'x'],
  ['half a pair', ['{"input":"\\ud83d"}'], '\ud83d'],
])('%s', (_name, pieces, text) => {
  expect(decode(pieces).text).toBe(text)
})

test.each<[name: string, written: string, text: string]>([
  ['a Windows path', String.raw`{"input":"cd C:\path\x"}`, String.raw`cd C:\path\x`],
  ['a regular expression', String.raw`{"input":"\d+\.\n"}`, '\\d+\\.\n'],
  ['half an escape', String.raw`{"input":"\u12 and more"}`, String.raw`\u12 and more`],
  ['a line break behind a backslash', '{"input":"a \\\nb"}', 'a \\\nb'],
])('escapes that are none are text, whatever the cuts: %s', (_name, written, text) => {
  expect(decode([written]).text).toBe(text)
  expect(decode([...written]).text).toBe(text)
})

test('100 000 blanks before anything else are read in time', () => {
  expect(decode([...' '.repeat(100_000), '{"input":"x"}']).text).toBe('x')
})
