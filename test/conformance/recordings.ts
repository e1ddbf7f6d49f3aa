import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { asArray, asNumber, asObject, asString } from '../../gateway/chat/json.ts'

/** One request and its answer out of a VCR cassette. Bodies are text as they were on the wire (JSON re-serialised where parsed). */
export interface Exchange {
  request: { uri: string; body: string }
  response: { status: number; headers: Record<string, string>; body: string }
}

/** The folder of recorded provider traffic beside the project, or undefined where it is absent (then skip). */
export function recordingsRoot(): string | undefined {
  const root = resolve(process.cwd(), '../shared/recordings')
  return existsSync(root) ? root : undefined
}

/** Absolute paths, sorted, of the files under `folder` (relative to the root, any depth) whose names end so. */
export function listRecordings(folder: string, ending: string): string[] {
  const root = recordingsRoot()
  if (root === undefined) return []
  return globSync(`${folder}/**/*${ending}`, { cwd: root })
    .toSorted()
    .map((path) => join(root, path))
}

/** The JSON texts of a `.chunks.txt` file: one stream event's data a line, without SSE framing. */
export function readChunks(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

/** The exchanges of a VCR cassette, of pydantic-ai's form (uri, parsed_body) or go-vcr's (url, body). */
export function readVcr(file: string): Exchange[] {
  const interactions = asArray(asObject(parse(readFileSync(file, 'utf8')))?.['interactions']) ?? []
  return interactions.flatMap((interaction) => {
    const request = asObject(asObject(interaction)?.['request'])
    const response = asObject(asObject(interaction)?.['response'])
    // xAI cassettes record gRPC, which has neither.
    if (request === undefined || response === undefined) return []
    const status = asNumber(response['code']) ?? asNumber(asObject(response['status'])?.['code']) ?? 0
    return {
      request: { uri: asString(request['uri']) ?? asString(request['url']) ?? '', body: bodyText(request) },
      response: { status, headers: readHeaders(response['headers']), body: bodyText(response) },
    }
  })
}

function bodyText(side: Record<string, unknown>): string {
  const parsed = side['parsed_body']
  if (parsed !== undefined) return JSON.stringify(parsed)
  const body = side['body']
  if (typeof body === 'string') return body
  const text = asObject(body)?.['string']
  if (typeof text === 'string') return text
  return body === undefined || body === null ? '' : JSON.stringify(body)
}

function readHeaders(headers: unknown): Record<string, string> {
  const entries = Object.entries(asObject(headers) ?? {})
  return Object.fromEntries(
    entries.map(([name, value]) => [name.toLowerCase(), (asArray(value) ?? [value]).map(String).join(', ')]),
  )
}

/** Cuts bytes into pieces of 1 to 64 bytes, so that multi-byte characters and line ends get cut too. */
export function cutRandomly(bytes: Uint8Array, random: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + 1 + Math.floor(random() * 64))
    pieces.push(bytes.subarray(start, end))
    start = end
  }
  return pieces
}

/** A repeatable source of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
