import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import { scriptedDialects } from '../helpers/scripted-dialect.ts'
import type { Sdk } from './sdk.ts'

/** What a run saw of one library, one dialect and one scenario. */
export interface CellResult {
  sdk: Sdk
  dialect: ScriptedDialectId
  group: string
  scenario: string
  /** Why it does not hold, where it cannot. */
  note?: string
}

export type Versions = Record<string, string>

const introduction = `# Compatibility

Which official client libraries work with which providers. Each library is used as its users use it, unmodified, and only pointed at the gateway. Behind the gateway stands a scripted provider that speaks one of the four wire formats and refuses whatever the vendor would refuse: missing results of tool calls, signatures that are not byte-exact, schemas with unknown words. Each library also passes the same scenarios straight at that provider, so that what differs is the gateway's doing. A cell says what came of it.

This page is written by the tests (\`test/compat/\`), which fail when it is not what they saw. To write it anew:

\`\`\`sh
UPDATE_DOCS=1 npx vitest run --project compat
\`\`\`
`

/** docs/compatibility.md, from all that a run saw. */
export function compatibilityPage(results: readonly CellResult[], versions: Versions): string {
  const notes: string[] = []
  const groups = [...new Set(results.map(({ group }) => group))]
  const sections = groups.map((group) =>
    section(
      group,
      results.filter((result) => result.group === group),
      notes,
    ),
  )
  const footnotes = notes.map((note, index) => `[^${index + 1}]: ${note}`)
  return `${[introduction, libraries(results, versions), ...sections, footnotes.join('\n')].join('\n')}\n`
}

function libraries(results: readonly CellResult[], versions: Versions): string {
  const sdks = [...new Set(results.map(({ sdk }) => sdk))]
  const lines = sdks.map(({ name, packages, dialect }) => {
    const all = packages.map((name) => `${name} ${versions[name] ?? ''}`.trim())
    return [name, all.join(', '), `\`${dialect}\``]
  })
  return `## Libraries\n\n${table(['Library', 'Tested with', 'Speaks'], lines)}\n`
}

function section(group: string, results: readonly CellResult[], notes: string[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))]
  const sdks = [...new Set(results.map(({ sdk }) => sdk))]
  const lines = sdks.map((sdk) => {
    const cells = scriptedDialects.map((dialect) => {
      return cell(
        results.filter((result) => result.sdk === sdk && result.dialect === dialect),
        notes,
      )
    })
    return [sdk.name, ...cells]
  })
  const head = ['Library', ...scriptedDialects.map((dialect) => `\`${dialect}\``)]
  return `## ${group}\n\nEach cell: ${scenarios.join('; ')}.\n\n${table(head, lines)}\n`
}

/** `yes`, unless nothing of it holds; whatever is different has a footnote. */
function cell(results: readonly CellResult[], notes: string[]): string {
  const reasons = [...new Set(results.flatMap(({ note }) => note ?? []))]
  const marks = reasons.map((reason) => {
    const about = results.filter(({ note }) => note === reason).map(({ scenario }) => scenario)
    return markOf(
      about.length === results.length ? reason : `Of ${about.map((name) => `“${name}”`).join(', ')}: ${reason}`,
      notes,
    )
  })
  const holds = results.some(({ note }) => note === undefined)
  return [holds ? 'yes' : 'no', ...marks].join(' ')
}

/** Equal footnotes are one. */
function markOf(note: string, notes: string[]): string {
  if (!notes.includes(note)) notes.push(note)
  return `[^${notes.indexOf(note) + 1}]`
}

function table(head: string[], lines: string[][]): string {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
