import { asString, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Message, Warning } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import { missing, pathOf, wrongType, wrongValue } from '../../expect.ts'
import { CallIds } from './call-ids.ts'
import { contentParts, isContent, type WirePart } from './content.ts'
import { readModelTurn } from './read-model-turn.ts'
import { systemParts } from './read-system.ts'
import { readUserTurns } from './read-user-turns.ts'

type Side = 'user' | 'model' | 'system'

/** What one side said before the other had its say: a list of contents, each with its parts. */
interface Turn {
  side: Side
  contents: WirePart[][]
}

const sides: Record<string, Side> = { user: 'user', model: 'model', function: 'user', tool: 'user', system: 'system' }

/**
 * `contents` -> messages. Neighbours of one side are one turn: clients that collect a stream keep a content per chunk,
 * and results of parallel calls come in one content or in several.
 */
export function readContents(members: JsonObject, warnings: Warning[]): Message[] {
  const ids = new CallIds()
  const messages = turnsOf(members).flatMap(({ side, contents }): Message[] => {
    if (side === 'user') return readUserTurns(contents, ids, warnings)
    if (side === 'model') return readModelTurn(contents.flat(), ids, warnings)
    const parts = contents.flatMap((content) => content.flatMap(({ part, at }) => systemParts(part, at)))
    return parts.length === 0 ? [] : [{ role: 'system', parts }]
  })
  if (messages.length > 0) return messages
  throw new GatewayError('invalid_request', "'contents' must hold at least one part.", { param: 'contents' })
}

function turnsOf(members: JsonObject): Turn[] {
  const turns: Turn[] = []
  for (const { content, at } of listed(members)) {
    const side = sideOf(content, at)
    const parts = contentParts(content, at)
    if (parts.length === 0) continue
    const last = turns.at(-1)
    if (last?.side === side) last.contents.push(parts)
    else turns.push({ side, contents: [parts] })
  }
  return turns
}

/** A string, one content, or a list of bare parts, all of which are the user's: what Google's own SDKs take. */
function listed(members: JsonObject): { content: Json; at: string }[] {
  const contents = members['contents'] ?? undefined
  if (contents === undefined) throw missing('contents')
  if (Array.isArray(contents) && contents.some(isContent))
    return contents.map((content, index) => ({ content, at: pathOf('contents', index) }))
  if (typeof contents === 'string' || typeof contents === 'object') return [{ content: contents, at: 'contents' }]
  throw wrongType('contents', 'an array of contents', contents)
}

function sideOf(content: Json, at: string): Side {
  if (!isContent(content)) return 'user'
  const role = content['role'] ?? 'user'
  if (typeof role !== 'string') throw wrongType(pathOf(at, 'role'), 'a string', role)
  const name = role === '' ? 'user' : role.toLowerCase()
  const side = Object.hasOwn(sides, name) ? sides[name] : undefined
  if (side === undefined) throw wrongValue(pathOf(at, 'role'), asString(role) ?? '', ['user', 'model', 'function'])
  return side
}
