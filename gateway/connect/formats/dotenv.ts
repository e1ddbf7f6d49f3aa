import type { Edit } from '../edit.ts'
import { endedText, endOfLine, lineEnding, splice, startOfLine, type Format } from './format.ts'

/** As the dotenv package reads lines: `export` before, quotes around, a comment behind. */
const assignment =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\r\n]*)?[ \t]*(?:#.*)?$/gm

interface Assignment {
  name: string
  value: string
  /** Of the value with its quotes, in the text. */
  range: [number, number]
}

/** Lines of `NAME=value`. Lines that are none are left alone, as tools do. */
export const dotenv: Format = {
  read: (text) => Object.fromEntries(assignments(text).map(({ name, value }) => [name, value])),
  edit(text, { path, value }: Edit) {
    const [name] = path
    if (path.length !== 1 || typeof name !== 'string') throw new TypeError('no place in a .env file')
    const all = assignments(text).filter((each) => each.name === name)
    if (value === undefined) return all.reduceRight(withoutLine, text)
    if (typeof value !== 'string') throw new TypeError('a .env file holds texts')
    const written = quoted(value)
    // The last one counts.
    const last = all.at(-1)
    if (last !== undefined) return splice(text, last.range, written)
    return `${endedText(text)}${name}=${written}${lineEnding(text)}`
  },
}

function assignments(text: string): Assignment[] {
  return [...text.matchAll(assignment)].map((match) => {
    const [line, name = '', raw = ''] = match
    const start = match.index + line.indexOf('=') + 1
    const from = start + (text.slice(start).length - text.slice(start).trimStart().length)
    const written = raw.trim()
    const at = written === '' ? start : from
    return { name, value: unquoted(written), range: [at, at + written.length] }
  })
}

function withoutLine(text: string, { range }: Assignment): string {
  return splice(text, [startOfLine(text, range[0]), endOfLine(text, range[1])], '')
}

function unquoted(written: string): string {
  const quote = /^(['"`])([\s\S]*)\1$/.exec(written)
  if (quote === null) return written
  const [, mark, inner = ''] = quote
  return mark === '"' ? inner.replaceAll(String.raw`\n`, '\n').replaceAll(String.raw`\r`, '\r') : inner
}

function quoted(value: string): string {
  if (/^[\w./:@%+,=-]*$/.test(value)) return value
  return value.includes("'") ? `"${value}"` : `'${value}'`
}
