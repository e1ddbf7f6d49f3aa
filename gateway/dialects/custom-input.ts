import { asString, isObject, parseJson, type JsonObject } from '../chat/json.ts'

/**
 * Custom tools take free text. In canonical form their calls have JSON arguments like all others, `{"input": text}`,
 * which is also how they go to dialects that know only functions.
 */
export const customParameters: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
  required: ['input'],
  additionalProperties: false,
}

export function argumentsOfInput(input: string): string {
  return JSON.stringify({ input })
}

/** Arguments of any other shape are the text themselves: a model asked for a function may have written it bare. */
export function inputOfArguments(text: string): string {
  const parsed = parseJson(text)
  return (isObject(parsed) ? asString(parsed['input']) : undefined) ?? text
}

/** The same piece by piece: `argumentsStart`, any number of `argumentsPiece`, `argumentsEnd` join to one JSON text. */
export const argumentsStart = '{"input":"'
export const argumentsEnd = '"}'

/** Half a surrogate pair is written as an escape, so that a pair cut in two is whole again when joined. */
export function argumentsPiece(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
