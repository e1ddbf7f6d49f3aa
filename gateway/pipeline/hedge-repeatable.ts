import { memberText } from '../dialects/members.ts'
import type { Call, Target } from './call.ts'

/** Members by which a provider keeps something, or goes on with something kept: two requests at once would both do it. */
const keeping = ['conversation', 'container', 'mcp_servers']

/**
 * Whether two providers may be asked the same at the same time: not where an answer is kept at the provider (OpenAI's
 * `store`, which Responses do unless told otherwise, and `background`), or the request refers to what is kept at one of
 * them. Where it is translated nothing of that goes out. Looks at a few members, because every watched call is held up.
 */
export function isRepeatable({ dialect, members }: Call, targets: readonly Target[]): boolean {
  if (!targets.some(({ passThrough }) => passThrough)) return true
  const { spans } = members
  if (keeping.some((name) => spans.has(name) && memberText(members, name) !== 'null')) return false
  if (memberText(members, 'background') === 'true') return false
  const { memory } = dialect.client ?? {}
  if (memory === undefined) return memberText(members, 'store') !== 'true'
  return !memory.isKept(members) && !memory.refers(members)
}

/**
 * Whether the provider would call tools elsewhere by itself (`{"type": "mcp"}` of Responses), which may do things. It
 * looks through all tools: asked only of calls that are slow.
 */
export function callsToolsElsewhere({ members }: Call): boolean {
  return /"type"\s*:\s*"mcp"/.test(memberText(members, 'tools') ?? '')
}
