import type { UndoneFile } from '../connect/connector.ts'
import type { ToolLook } from '../connect/look-tool.ts'
import type { FileDiff } from '../connect/file-diff.ts'
import type { EditTool } from '../connect/tool.ts'
import type { ToolVerification } from '../contract.ts'

/** What the command answers: for people, and for programs (--json). */
export interface Answer {
  text: string
  data: object
  /** Said beside the text. */
  warnings?: string[]
  code?: number
}

interface Row {
  id: string
  name: string
  kind: 'edits' | 'copy'
  detected: boolean | null
  state: ToolLook['state']
  detail: string | null
  url: string | null
}

export function listText(rows: readonly Row[]): string {
  const lines = rows.map((row) => [row.id, row.name, installed(row), stateText(row)])
  const note = 'Connect one with: llm-gateway connect TOOL   (take it back with --undo, look first with --dry-run)'
  return `${table([['TOOL', 'NAME', 'INSTALLED', 'CONNECTED'], ...lines])}\n${note}\n`
}

function installed({ detected }: Row): string {
  if (detected === null) return '-'
  return detected ? 'yes' : 'no'
}

function stateText({ kind, state, detail, url }: Row): string {
  if (kind === 'copy') return 'by hand: shows what to paste'
  const about = detail === null ? '' : ` (${detail})`
  switch (state) {
    case 'no':
      return `no${about}`
    case 'yes':
      return `to ${url}`
    default:
      return `to ${url}, ${state}${about}`
  }
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}

export function previewText(tool: EditTool, files: readonly FileDiff[]): Answer {
  const changes = files.filter(({ diff }) => diff !== '')
  const text = changes.length === 0 ? 'Nothing would change.\n' : changes.map(({ diff }) => diff).join('\n')
  return { text, data: { tool: tool.id, dryRun: true, files } }
}

interface Connected {
  tool: EditTool
  baseUrl: string
  keyName: string | undefined
  /** A key that has to be pasted by hand. */
  shownOnce: string | undefined
  look: ToolLook
  verification: ToolVerification
  warnings: string[]
}

export function connectedText(done: Connected): Answer {
  const { tool, baseUrl, keyName, shownOnce, look, verification, warnings } = done
  const settings = verification.settings.filter(({ value }) => value !== null)
  const rows = settings.map(({ name, value, from }) => [`  ${name}`, value ?? '', from ?? ''])
  const lines = [
    `${tool.name} is connected to ${baseUrl}.\n`,
    keyName === undefined ? '' : `Its calls show under the key "${keyName}".\n`,
    '\nIn effect now:\n',
    table(rows),
    ...(tool.keyByHand === undefined ? [] : [`\n${tool.keyByHand}\n`]),
    ...(shownOnce === undefined ? [] : [`The key, shown this once: ${shownOnce}\n`]),
    '\n',
    ...tool.notes.map((note) => `- ${note}\n`),
    `- Take it back with: llm-gateway connect ${tool.id} --undo\n`,
  ]
  const files = look.files.map(({ path }) => path)
  const data = {
    tool: tool.id,
    state: look.state,
    url: baseUrl,
    keyName: keyName ?? null,
    files,
    verification,
    warnings,
  }
  return { text: lines.join(''), data, warnings: [...warnings, ...verification.conflicts] }
}

const outcomes = {
  restored: 'is as it was, byte for byte',
  cleaned: 'was changed by others since: only the keys of the gateway were taken back',
  removed: 'is removed: it held nothing else',
  untouched: 'needed no change',
} satisfies Record<UndoneFile['outcome'], string>

export function undoneText(tool: EditTool, files: readonly UndoneFile[], warnings: string[]): Answer {
  const lines = files.map(({ path, outcome }) => `  ${path} ${outcomes[outcome]}\n`)
  const text = [`${tool.name} is no longer connected.\n`, ...lines].join('')
  return { text, data: { tool: tool.id, state: 'no', files, warnings }, warnings }
}
