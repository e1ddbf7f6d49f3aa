import { asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { CacheControl, TextPart, UserPart, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { expectObject, optionalString, pathOf, requiredString, unsupported, wrongType } from '../../expect.ts'
import { readFileSource, readSource, sourceOf } from './read-source.ts'

/** Content of a user turn, a tool result or a document: a string or blocks. A block may become several parts. */
export function readContent(content: Json | undefined, at: string, warnings: Warning[]): UserPart[] {
  return readBlocks(content, at).flatMap((block, index) => readUserBlock(block, pathOf(at, index), warnings))
}

/** A string is one text block; absent and null are no blocks. */
export function readBlocks(content: Json | undefined, at: string): JsonObject[] {
  if (content === undefined || content === null) return []
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw wrongType(at, 'a string or an array of blocks', content)
  return content.map((block, index) => expectObject(block, pathOf(at, index)))
}

type BlockReader = (block: JsonObject, at: string, warnings: Warning[]) => UserPart[]

const readers: Record<string, BlockReader> = {
  text: (block, at) => [textPart(requiredString(block, 'text', at))],
  image: readImage,
  document: readDocument,
  search_result: readSearchResult,
  // Tools that a search of the client found: all are offered from the start, the model is only told which it was.
  tool_reference: (block, at) => [textPart(`Tool found: ${requiredString(block, 'tool_name', at)}`)],
  container_upload: (_block, at) => {
    throw unsupported(at, 'is a file for a container that only Anthropic runs.')
  },
}

/** What is newer than this is left out rather than refused: agents send blocks of betas that change by the month. */
export function readUserBlock(block: JsonObject, at: string, warnings: Warning[]): UserPart[] {
  const type = requiredString(block, 'type', at)
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (read !== undefined) return markLast(read(block, at, warnings), readCacheControl(block))
  warnings.push(leftOut(at, type))
  return []
}

export function leftOut(at: string, type: string): Warning {
  return { feature: at, reason: `a block of type ${type} cannot be translated and is left out` }
}

function readImage(block: JsonObject, at: string): UserPart[] {
  const { source, param } = sourceOf(block, at)
  return [{ type: 'image', source: readSource(source, param) }]
}

/** PDF files and plain text are files; a document made of blocks is these blocks. */
function readDocument(block: JsonObject, at: string, warnings: Warning[]): UserPart[] {
  const { source, param } = sourceOf(block, at)
  const title = optionalString(block, 'title', at)
  const context = optionalString(block, 'context', at)
  const before = context === undefined || context === '' ? [] : [textPart(context)]
  if (source['type'] === 'content') {
    const heading = title === undefined ? [] : [textPart(title)]
    return [...before, ...heading, ...readContent(source['content'], pathOf(param, 'content'), warnings)]
  }
  return [...before, { type: 'file', source: readFileSource(source, param), ...given({ filename: title }) }]
}

/** Material to cite from: no other dialect has it, so it is read out. */
function readSearchResult(block: JsonObject, at: string, warnings: Warning[]): UserPart[] {
  const heading = [asString(block['title']), asString(block['source'])].filter((text) => text !== undefined).join('\n')
  return [textPart(heading), ...readContent(block['content'], pathOf(at, 'content'), warnings)]
}

/** Content of system messages. */
export function readTextBlocks(content: Json | undefined, at: string, warnings: Warning[]): TextPart[] {
  return readContent(content, at, warnings).map((part, index) => {
    if (part.type === 'text') return part
    throw unsupported(pathOf(at, index), `is of type '${part.type}': system messages take text only.`)
  })
}

export function textPart(text: string): TextPart {
  return { type: 'text', text }
}

export function readCacheControl(holder: JsonObject): CacheControl | undefined {
  const mark = holder['cache_control']
  if (!isObject(mark)) return undefined
  const ttl = mark['ttl']
  return ttl === '5m' || ttl === '1h' ? { ttl } : {}
}

/** A mark stands at the end of what it marks. Audio parts cannot bear one. */
export function markLast<T extends UserPart>(parts: T[], cacheControl: CacheControl | undefined): T[] {
  const last = parts.at(-1)
  if (cacheControl === undefined || last === undefined || last.type === 'audio') return parts
  return [...parts.slice(0, -1), { ...last, cacheControl }]
}
