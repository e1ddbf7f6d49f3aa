import { LineCounter, parseDocument, visit } from 'yaml'
import type { Alias, Document, YAMLError } from 'yaml'
import { isRecord } from './path.ts'
import type { ConfigProblem } from './types.ts'

/** A parsed file that still knows where everything stands. */
export interface YamlSource {
  text: string
  document: Document.Parsed
  lineCounter: LineCounter
}

/** YAML 1.2 core, plus `<<` merge keys, which people use for provider defaults. */
export function parseYaml(text: string): YamlSource {
  const lineCounter = new LineCounter()
  // Pretty errors would print the file's lines, and a line may hold a key.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true, logLevel: 'error' })
  return { text, document, lineCounter }
}

/** What the text is not YAML for: the first problem of each line, as the others follow from it. */
export function syntaxProblems(source: YamlSource): ConfigProblem[] {
  const byLine = new Map<number, ConfigProblem>()
  for (const error of [...source.document.errors, ...source.document.warnings]) {
    const { line, col } = source.lineCounter.linePos(error.pos[0])
    if (!byLine.has(line)) byLine.set(line, { line, column: col, path: '', message: explain(error, source, line) })
  }
  return [...byLine.values(), ...danglingAliases(source).map((alias) => explainAlias(source, alias))]
}

/** Duplicate keys leave a whole document behind, so the rest can be checked too; other errors do not. */
export function isReadable(source: YamlSource): boolean {
  const errors = source.document.errors.filter((error) => error.code !== 'DUPLICATE_KEY')
  return errors.length === 0 && danglingAliases(source).length === 0
}

function danglingAliases({ document }: YamlSource): Alias[] {
  const found: Alias[] = []
  visit(document, {
    Alias(_, alias) {
      // A lone `*` is a syntax error already.
      if (alias.source !== '' && alias.resolve(document) === undefined) found.push(alias)
    },
  })
  return found
}

function explainAlias({ lineCounter }: YamlSource, alias: Alias): ConfigProblem {
  const { line, col } = lineCounter.linePos(alias.range?.[0] ?? 0)
  return {
    line,
    column: col,
    path: '',
    message: `there is no anchor &${alias.source}; text needs quotes: "*${alias.source}"`,
  }
}

type Explain = (source: YamlSource, error: YAMLError) => string

const explanations: Partial<Record<YAMLError['code'], Explain>> = {
  DUPLICATE_KEY: ({ text }, error) => `duplicate key "${/^[^:\s]+/.exec(text.slice(error.pos[0]))?.[0] ?? ''}"`,
  TAB_AS_INDENT: () => 'a tab cannot indent in YAML; use spaces',
  BAD_ALIAS: () => 'a text that starts with * needs quotes: "*"',
  MULTIPLE_DOCS: () => 'a second document starts here; one file holds one configuration',
  BAD_INDENT: (_, error) =>
    error.message.startsWith('Flow')
      ? 'a { or [ before this is not closed'
      : 'wrong indentation: keys of one section must start in the same column',
  BLOCK_AS_IMPLICIT_KEY: () => 'a second ": " in one line; put quotes around the value',
  TAG_RESOLVE_FAILED: () => 'tags (!name) have no meaning here; remove it',
}

function explain(error: YAMLError, source: YamlSource, line: number): string {
  if (hasBareReferenceInFlow(source, line) && error.code !== 'DUPLICATE_KEY') {
    return 'inside { } and [ ] a reference needs quotes: "${NAME}"'
  }
  return explanations[error.code]?.(source, error) ?? `not valid YAML: ${error.message}`
}

/** `{ apiKey: ${KEY} }`: in flow style the brace of a bare reference starts a map. */
function hasBareReferenceInFlow({ text, lineCounter }: YamlSource, line: number): boolean {
  const start = lineCounter.lineStarts[line - 1] ?? 0
  const end = lineCounter.lineStarts[line] ?? text.length
  return /[[{,][^"'#]*\$\{/.test(text.slice(start, Math.min(end, start + longestLine)))
}

/** Of a longer one only the beginning is looked at. */
const longestLine = 1000

/** The document as plain data. A key without a value (`cache:`) is a key left out. */
export function plainData({ document }: YamlSource): unknown {
  return withoutNulls(document.toJS()) ?? {}
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  )
}
