import { expect, test } from 'vitest'
import {
  argumentsEnd,
  argumentsOfInput,
  argumentsPiece,
  argumentsStart,
  inputOfArguments,
} from '../../../gateway/dialects/custom-input.ts'

test.each(['', 'SELECT "x"\n\\ \u2028 \u0000', '{"input":"nested"}', '🙂'])(
  '%j is the same there and back',
  (input) => {
    expect(inputOfArguments(argumentsOfInput(input))).toBe(input)
  },
)

test.each(['plain text', '{"input":7}', '[1]', '{"input":"cut o'])(
  '%s is no input in JSON: the text itself',
  (text) => {
    expect(inputOfArguments(text)).toBe(text)
  },
)

test('in pieces, cut anywhere, within a surrogate pair too', () => {
  const input = 'a "🙂"\n'
  for (let at = 0; at <= input.length; at += 1) {
    const pieces = [input.slice(0, at), input.slice(at)].map(argumentsPiece)
    expect(JSON.parse([argumentsStart, ...pieces, argumentsEnd].join(''))).toEqual({ input })
  }
})
