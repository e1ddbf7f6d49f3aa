import type { Tool, ToolVerification } from '../../../gateway/contract.ts'
import type { Tone } from '../../ui/badge.tsx'

/** What a tool's state is called, and its colour. */
export function stateOf({ kind, state, detected }: Pick<Tool, 'kind' | 'state' | 'detected'>): {
  tone: Tone
  words: string
} {
  if (kind === 'copy') return { tone: 'neutral', words: 'Set up by hand' }
  if (state === 'yes') return { tone: 'good', words: 'Connected' }
  if (state === 'changed') return { tone: 'warn', words: 'Changed since it was connected' }
  if (state === 'broken') return { tone: 'bad', words: 'Its settings cannot be read' }
  return { tone: 'neutral', words: detected === false ? 'Not found on this machine' : 'Not connected' }
}

/** The label of the button that opens a tool. */
export function actionOf({ kind, state }: Pick<Tool, 'kind' | 'state'>): string {
  if (kind === 'copy') return 'Show'
  return state === 'no' ? 'Connect' : 'Manage'
}

export interface ToolGroups {
  /** Can be connected with a click, and are here or connected already. */
  here: Tool[]
  /** Can be connected, but nothing of them was found. */
  absent: Tool[]
  byHand: Tool[]
}

/** Connected ones first, then those that are found, each by name. */
export function groupTools(tools: readonly Tool[]): ToolGroups {
  const edited = tools.filter(({ kind }) => kind === 'edits')
  const isHere = ({ detected, state }: Tool) => detected !== false || state !== 'no'
  return {
    here: edited
      .filter(isHere)
      .toSorted((one, other) => Number(one.state === 'no') - Number(other.state === 'no') || byName(one, other)),
    absent: edited.filter((tool) => !isHere(tool)).toSorted(byName),
    byHand: tools.filter(({ kind }) => kind === 'copy').toSorted(byName),
  }
}

function byName(one: Tool, other: Tool): number {
  return one.name.localeCompare(other.name, 'en')
}

export interface DiffLine {
  kind: 'added' | 'removed' | 'same' | 'place'
  text: string
}

/** A unified diff, line by line, without the names of the files, which stand above it. */
export function diffLines(diff: string): DiffLine[] {
  const lines = diff.replace(/\n$/, '').split('\n')
  return lines.flatMap((line): DiffLine[] => {
    if (line.startsWith('--- ') || line.startsWith('+++ ')) return []
    if (line.startsWith('@@')) return [{ kind: 'place', text: line }]
    if (line.startsWith('+')) return [{ kind: 'added', text: line.slice(1) }]
    if (line.startsWith('-')) return [{ kind: 'removed', text: line.slice(1) }]
    return [{ kind: 'same', text: line.slice(1) }]
  })
}

/** What the check of a connected tool came to, in one sentence. */
export function verificationWords({ ok, conflicts }: ToolVerification, name: string): string {
  if (ok) return `${name} will use the gateway.`
  return conflicts.length === 1 ? 'One thing is in the way:' : `${conflicts.length} things are in the way:`
}

/** What a tool was connected with, to connect it again. */
export function choiceOf({ id, chosenModel, chosenSmallModel }: Tool): {
  tool: string
  model?: string
  smallModel?: string
} {
  return {
    tool: id,
    ...(chosenModel === null ? {} : { model: chosenModel }),
    ...(chosenSmallModel === null ? {} : { smallModel: chosenSmallModel }),
  }
}

/** `a`, `a and b`, `a, b and c` */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
