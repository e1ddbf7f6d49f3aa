import { asObject, type JsonObject } from '../../../chat/json.ts'
import type { Message, ToolMessage, UserPart, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  missing,
  optionalArray,
  optionalObject,
  optionalString,
  pathOf,
  unsupported,
} from '../../expect.ts'
import { camelMembers } from './camel.ts'
import { isHarmless } from './is-harmless.ts'
import type { CallIds } from './call-ids.ts'
import type { WirePart } from './content.ts'
import { readMedia } from './read-media.ts'
import { readResponse } from './read-response.ts'

/** Results first, wherever they stand: most dialects want them right behind the calls. */
export function readUserTurns(contents: WirePart[][], ids: CallIds, warnings: Warning[]): Message[] {
  const results: ToolMessage[] = []
  const said: Message[] = []
  for (const content of contents) {
    const parts: UserPart[] = []
    for (const { part, at } of content) {
      reportSettings(part, at, warnings)
      const response = optionalObject(part, 'functionResponse', at)
      if (response !== undefined) results.push(readResult(camelMembers(response), pathOf(at, 'functionResponse'), ids))
      else parts.push(...readUserPart(part, at))
    }
    if (parts.length > 0) said.push({ role: 'user', parts })
  }
  return [...results, ...said]
}

const settings = ['videoMetadata', 'mediaResolution', 'mediaProcessing']

function reportSettings(part: JsonObject, at: string, warnings: Warning[]): void {
  for (const name of settings)
    if (!isHarmless(part[name])) warnings.push({ feature: pathOf(at, name), reason: 'only Google has such a setting' })
}

function readUserPart(part: JsonObject, at: string): UserPart[] {
  const text = optionalString(part, 'text', at)
  if (text !== undefined) return text === '' ? [] : [{ type: 'text', text }]
  const media = readMedia(part, at)
  if (media !== undefined) return [media]
  const kind = Object.keys(part).find((name) => asObject(part[name]) !== undefined)
  if (kind === undefined) throw missing(pathOf(at, 'text'))
  throw unsupported(at, `is a part of kind '${kind}', which cannot be translated.`)
}

function readResult(response: JsonObject, at: string, ids: CallIds): ToolMessage {
  const name = optionalString(response, 'name', at)
  const call = ids.result(optionalString(response, 'id', at), name)
  const { text, isError } = readResponse(response['response'], name)
  const media = (optionalArray(response, 'parts', at) ?? []).flatMap((item, index): UserPart[] => {
    const param = pathOf(pathOf(at, 'parts'), index)
    return readUserPart(camelMembers(expectObject(item, param)), param)
  })
  const resultName = name ?? call.name
  return {
    role: 'tool',
    callId: call.id,
    parts: [{ type: 'text', text }, ...media],
    ...given({ name: resultName === '' ? undefined : resultName, isError: isError ? true : undefined }),
  }
}
