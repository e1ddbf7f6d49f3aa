import { parseArgs } from 'node:util'
import { didYouMean } from '../config/spelling.ts'

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type Options = Readonly<Record<string, { type: 'string' | 'boolean'; short?: string }>>

export interface Flags<Name extends string> {
  /** A flag that was not given, and one with an empty text, is undefined. */
  text: (name: Name) => string | undefined
  isSet: (name: Name) => boolean
  positionals: string[]
  /** What is wrong with the first wrong flag, in words. */
  problem: string | undefined
}

/** The flags of `connect` or `prices`: never throws, so that the problem is told in this program's words. */
export function readFlags<O extends Options>(argv: readonly string[], options: O): Flags<Extract<keyof O, string>> {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  })
  const given = values as Record<string, string | boolean | undefined>
  return {
    text: (name) => nonEmpty(given[name]),
    isSet: (name) => given[name] === true,
    positionals,
    problem: tokens.map((token) => flagProblem(token, options)).find((each) => each !== undefined),
  }
}

/** Of a flag or a variable of the environment. */
export function nonEmpty(text: string | boolean | undefined): string | undefined {
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** undefined: nothing is wrong, or the token is no flag. */
function flagProblem(token: Token, options: Options): string | undefined {
  if (token.kind !== 'option') return undefined
  const { name, rawName, value, inlineValue } = token
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) {
    const names = Object.keys(options).map((each) => `--${each}`)
    return `unknown flag ${rawName}${didYouMean(rawName, names).replaceAll('"', '')}`
  }
  if (option.type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value`
  const isMissing = value === undefined || value === '' || (!inlineValue && value.startsWith('-'))
  return isMissing ? `${rawName} needs a value` : undefined
}
