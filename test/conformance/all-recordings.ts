import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { asArray, asObject, asString, isObject, parseJson, type JsonObject } from '../../gateway/chat/json.ts'
import { sseEvent } from '../../gateway/dialects/sse.ts'
import { listRecordings, readChunks, readVcr, recordingsRoot } from './recordings.ts'
import type { ChatDialectId } from './sdk/readers.ts'

/** One recorded answer of a chat model, in whatever folder it is: what it is is told by what it looks like. */
export interface ChatRecording {
  name: string
  dialect: ChatDialectId | 'openai-completions'
  kind: 'stream' | 'whole' | 'error'
  /** SSE text or JSON, as it was on the wire. */
  text: string
  status: number
}

/** Made by hand and not JSON. */
const broken = ['vercel-ai/openai/responses/parallel-tool-call-wrapper.1.chunks.txt']

const root = recordingsRoot() ?? ''

/** All of them; `others` names what is no chat of a dialect we speak, so that nothing is left out unseen. */
export function chatRecordings(): { recordings: ChatRecording[]; others: string[] } {
  const all = [...chunkFiles(), ...jsonFiles(), ...cassettes()]
  const recordings = all.flatMap((each) => (each.dialect === undefined ? [] : [{ ...each, dialect: each.dialect }]))
  return { recordings, others: all.filter(({ dialect }) => dialect === undefined).map(({ name }) => name) }
}

type Sniffed = Omit<ChatRecording, 'dialect'> & { dialect: ChatRecording['dialect'] | undefined }

function chunkFiles(): Sniffed[] {
  const files = listRecordings('vercel-ai', '.chunks.txt').filter((file) => !broken.includes(relative(root, file)))
  const framed = files.flatMap((file) => {
    const answers = splitAnswers(readChunks(file))
    return answers.map((lines, at): Sniffed => {
      const dialect = dialectOf(bodyOf(lines[0] ?? ''))
      return {
        name: `${relative(root, file)} ${at}`,
        dialect,
        kind: 'stream',
        text: framedAs(dialect, lines),
        status: 200,
      }
    })
  })
  const whole = listRecordings('vercel-ai', '.sse').map((file): Sniffed => {
    const text = readFileSync(file, 'utf8')
    return { name: relative(root, file), dialect: dialectOfStream(text), kind: 'stream', text, status: 200 }
  })
  return [...framed, ...whole]
}

/** Some files hold the answers of several calls, one after the other. */
function splitAnswers(lines: string[]): string[][] {
  const answers: string[][] = [[]]
  let isFirst = true
  for (const line of lines) {
    const type = asString(bodyOf(line)['type'])
    const begins = type === 'response.created' || type === 'message_start'
    // `spliced-message-start` begins a second message inside the first, on purpose.
    const isOver = /"(message_stop|response\.(completed|incomplete|failed))"/.test(answers.at(-1)?.at(-1) ?? '')
    if (begins && !isFirst && isOver) answers.push([])
    answers.at(-1)?.push(line)
    isFirst = false
  }
  return answers
}

function framedAs(dialect: Sniffed['dialect'], lines: string[]): string {
  if (dialect === 'gemini') return lines.map((line) => sseEvent(line)).join('')
  if (dialect === 'openai-responses' || dialect === 'anthropic-messages')
    return lines.map((line) => sseEvent(line, asString(bodyOf(line)['type']))).join('')
  return [...lines, '[DONE]'].map((line) => sseEvent(line)).join('')
}

function jsonFiles(): Sniffed[] {
  return listRecordings('vercel-ai', '.json').map((file): Sniffed => {
    const text = readFileSync(file, 'utf8')
    const name = relative(root, file)
    // Bodies of errors, without the status they came with.
    if (isObject(bodyOf(text)['error']) && !('object' in bodyOf(text)))
      return { name, dialect: dialectOfError(name), kind: 'error', text, status: name.includes('429') ? 429 : 400 }
    return { name, dialect: dialectOf(bodyOf(text)), kind: 'whole', text, status: 200 }
  })
}

function cassettes(): Sniffed[] {
  return ['envoy-ai-gateway', 'pydantic-ai'].flatMap((folder) =>
    listRecordings(folder, '.yaml').flatMap((file) =>
      readVcr(file).map(({ request, response: { status, body: text } }, at): Sniffed => {
        const name = `${relative(root, file)} ${at}`
        if (status >= 400) return { name, dialect: dialectOfUri(request.uri), kind: 'error', text, status }
        if (/^\s*[{[]/.test(text)) return { name, dialect: dialectOf(bodyOf(text)), kind: 'whole', text, status }
        return { name, dialect: dialectOfStream(text), kind: 'stream', text, status }
      }),
    ),
  )
}

function dialectOfError(name: string): Sniffed['dialect'] {
  if (name.includes('/google/')) return 'gemini'
  return name.includes('/responses/') ? 'openai-responses' : 'openai-chat'
}

function dialectOfUri(uri: string): Sniffed['dialect'] {
  if (uri.includes('/chat/completions')) return 'openai-chat'
  if (uri.includes('/completions')) return 'openai-completions'
  if (uri.includes('/responses')) return 'openai-responses'
  if (uri.includes('/v1/messages')) return 'anthropic-messages'
  return /generateContent|streamGenerateContent/i.test(uri) ? 'gemini' : undefined
}

function dialectOfStream(text: string): Sniffed['dialect'] {
  const data = text.split('\n').filter((line) => line.startsWith('data:'))
  return dialectOf(bodyOf(data[0]?.slice('data:'.length) ?? ''))
}

function dialectOf(body: JsonObject): Sniffed['dialect'] {
  const type = asString(body['type']) ?? ''
  if (type.startsWith('response.') || body['object'] === 'response') return 'openai-responses'
  if (type === 'message_start' || (type === 'message' && Array.isArray(body['content']))) return 'anthropic-messages'
  if (Array.isArray(body['candidates']) || isObject(body['usageMetadata'])) return 'gemini'
  const [choice] = (asArray(body['choices']) ?? []).map(asObject)
  if (body['object'] === 'text_completion' || (choice !== undefined && 'text' in choice)) return 'openai-completions'
  return Array.isArray(body['choices']) ? 'openai-chat' : undefined
}

function bodyOf(text: string): JsonObject {
  return asObject(parseJson(text)) ?? {}
}
