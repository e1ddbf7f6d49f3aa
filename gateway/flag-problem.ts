import type { parseArgs } from 'node:util'
import { didYouMean } from './config/spelling.ts'

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** What is wrong with a flag of `connect` or `prices`, in words; undefined: nothing, or the token is no flag. */
export function flagProblem(
  token: Token,
  options: Readonly<Record<string, { type: 'string' | 'boolean' }>>,
): string | undefined {
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
