import type { ChatReply } from '../../gateway/chat/collect.ts'
import type { FinishReason, UnifiedFinish } from '../../gateway/chat/finish.ts'
import { parseJson } from '../../gateway/chat/json.ts'
import type { AssistantPart } from '../../gateway/chat/request.ts'
import type { Usage } from '../../gateway/chat/usage.ts'
import type { ChatDialectId } from './sdk/readers.ts'
import type { Reading } from './sdk/reading.ts'

/** What a client's library is to read of a canonical answer. Only its first choice: two of the dialects have no other. */
export function expectedReading(reply: ChatReply, dialect: ChatDialectId): Reading {
  const { parts, finish } = reply.choices[0] ?? { parts: [], finish: undefined }
  return {
    ...wordsOf(parts, finish, dialect),
    thinking: textOf(parts, 'reasoning'),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ id: part.id, name: part.name, arguments: argumentsOf(part.arguments) }] : [],
    ),
    finish: finishOf(finish, parts, dialect),
    usage: usageOf(reply.usage, dialect),
  }
}

/**
 * OpenAI has a place for what a model says to refuse; the others only for why an answer was filtered, which Google's
 * library leaves out (`finishMessage` of the Gemini API).
 */
function wordsOf(
  parts: AssistantPart[],
  finish: FinishReason | undefined,
  dialect: ChatDialectId,
): Pick<Reading, 'text' | 'refusal'> {
  const isOpenai = dialect === 'openai-chat' || dialect === 'openai-responses'
  const text = textOf(parts, 'text')
  const refusal = textOf(parts, 'refusal')
  if (isOpenai) return { text, refusal }
  if (finish?.unified === 'content-filter') return { text, refusal: dialect === 'gemini' ? '' : refusal }
  return { text: text + refusal, refusal: '' }
}

function textOf(parts: AssistantPart[], type: 'text' | 'refusal' | 'reasoning'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('')
}

/** A call without arguments has an empty object everywhere. */
function argumentsOf(text: string): unknown {
  return text.trim() === '' ? {} : parseJson(text)
}

type Words = Partial<Record<UnifiedFinish, UnifiedFinish>>

/** What a dialect has no word for, and what it says instead. */
const sayings: Record<ChatDialectId, Words> = {
  'openai-chat': { error: 'stop', other: 'stop' },
  'openai-responses': { other: 'stop' },
  'anthropic-messages': { error: 'stop', other: 'stop' },
  gemini: {},
}

function finishOf(
  finish: FinishReason = { unified: 'stop' },
  parts: AssistantPart[],
  dialect: ChatDialectId,
): UnifiedFinish {
  const calls = parts.some((part) => part.type === 'tool-call')
  if (dialect === 'anthropic-messages') {
    if (finish.raw === 'pause_turn') return 'other'
    if (finish.unified === 'stop' && parts.some((part) => part.type === 'refusal')) return 'content-filter'
  }
  const said = sayings[dialect][finish.unified] ?? finish.unified
  // Only by its calls can an answer be told from one without: there is one word for both.
  const isOneWord = dialect === 'openai-responses' || dialect === 'gemini'
  return isOneWord && said === 'stop' && calls ? 'tool-calls' : said
}

function usageOf(usage: Usage | undefined, dialect: ChatDialectId): Reading['usage'] {
  // Messages has no way to leave them out.
  const isTold = usage?.input !== undefined || usage?.output !== undefined || dialect === 'anthropic-messages'
  if (!isTold) return undefined
  const { input = 0, output = 0, cacheRead = 0, reasoning = 0 } = usage ?? {}
  return { input, output, cacheRead, reasoning }
}
