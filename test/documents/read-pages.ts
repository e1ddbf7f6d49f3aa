import { readdirSync, readFileSync } from 'node:fs'

export interface Block {
  /** `sh`, `yaml`, `javascript`; empty where none is named. */
  language: string
  text: string
  /** Counted from 1. */
  line: number
}

/** Every page that somebody may follow; decisions are for reading. */
export function findPages(): string[] {
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  const docs = inDocs.filter((file) => file.endsWith('.md') && !file.startsWith('decisions')).toSorted()
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((file) => `docs/${file.replaceAll('\\', '/')}`)]
}

/** The fenced blocks of a page, in order. Those in lists are indented; their indentation is taken off. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let open: (Block & { indent: string }) | undefined
  for (const [index, line] of readFileSync(page, 'utf8').split('\n').entries()) {
    const fence = /^( *)```(\S*)/.exec(line)
    if (fence !== null && open === undefined) {
      open = { language: fence[2] ?? '', text: '', line: index + 1, indent: fence[1] ?? '' }
    } else if (fence !== null && open !== undefined) {
      const { indent: _, ...block } = open
      blocks.push(block)
      open = undefined
    } else if (open !== undefined) {
      open.text += `${line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart()}\n`
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: the block is not closed`)
  return blocks
}

const shells = new Set(['sh', 'bash', 'shell', 'console', 'zsh'])

/** Commands of the shell one by one: each is a line, with what its quotes and backslashes go on to. */
export function commandsOf({ language, text }: Block): string[] {
  if (!shells.has(language)) return []
  const commands: string[] = []
  let pending = ''
  for (const line of text.split('\n')) {
    pending += pending === '' ? line : `\n${line}`
    if (isOpen(pending)) continue
    const command = withoutComment(pending)
    if (command !== '') commands.push(command)
    pending = ''
  }
  if (pending.trim() !== '') throw new Error(`a command has no end: ${pending}`)
  return commands
}

/** Within quotes, before a line that a backslash joins, or within a here-document. */
function isOpen(text: string): boolean {
  const here = /<<-?\s*['"]?(\w+)['"]?/.exec(text)
  if (
    here !== null &&
    !text
      .split('\n')
      .slice(1)
      .includes(here[1] ?? '')
  )
    return true
  return text.endsWith('\\') || quoteAt(text, text.length) !== undefined
}

/** The quote that is open at a place of the text. */
function quoteAt(text: string, end: number): string | undefined {
  let quote: string | undefined
  for (let index = 0; index < end; index++) {
    const letter = text[index]
    if (letter === '\\' && quote !== "'") index++
    else if (quote === undefined && (letter === '"' || letter === "'")) quote = letter
    else if (letter === quote) quote = undefined
  }
  return quote
}

/** Without what stands in single quotes, in which the shell finds nothing to do. */
export function outsideQuotes(command: string): string {
  return [...command].filter((_letter, index) => quoteAt(command, index) !== "'").join('')
}

function withoutComment(text: string): string {
  for (const { index } of text.matchAll(/(^|\s)#/g)) {
    if (quoteAt(text, index) === undefined && !text.includes('\n')) return text.slice(0, index).trim()
  }
  return text.trim()
}
