import { asArray, asString, isObject, type JsonObject } from '../../../chat/json.ts'
import type { Origin, ReasoningPart } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalString } from '../../expect.ts'

/**
 * Thinking in the history. Signed thinking comes in `reasoning_details` (OpenRouter; ours add `provider` and `model`)
 * or LiteLLM's `thinking_blocks`; plain text in `reasoning_content` (DeepSeek) or `reasoning` (vLLM, OpenRouter), which
 * repeats the text of the others and counts only without them. Loose: what cannot be read here is left out.
 */
export function readReasoningParts(message: JsonObject, at: string): ReasoningPart[] {
  const items = [...(asArray(message['reasoning_details']) ?? []), ...(asArray(message['thinking_blocks']) ?? [])]
  const parts: ReasoningPart[] = []
  for (const item of items) if (isObject(item)) addItem(parts, item)
  if (parts.some(({ text }) => text !== '')) return parts
  const text = optionalString(message, 'reasoning_content', at) ?? optionalString(message, 'reasoning', at) ?? ''
  return text === '' ? parts : [{ type: 'reasoning', text }, ...parts]
}

export function readOrigin(holder: JsonObject): Origin | undefined {
  const provider = asString(holder['provider'])
  const model = asString(holder['model'])
  return provider === undefined || model === undefined ? undefined : { provider, model }
}

type ItemReader = (item: JsonObject) => Omit<ReasoningPart, 'type' | 'origin'>

const itemReaders: Record<string, ItemReader> = {
  'reasoning.text': (item) => ({ text: asString(item['text']) ?? '', ...readSigned(item) }),
  'reasoning.summary': (item) => ({ text: asString(item['summary']) ?? '' }),
  'reasoning.encrypted': (item) => ({ text: '', ...given({ redacted: asString(item['data']) }) }),
  thinking: (item) => ({ text: asString(item['thinking']) ?? '', ...readSigned(item) }),
  redacted_thinking: (item) => ({ text: '', ...given({ redacted: asString(item['data']) }) }),
}

function readSigned(item: JsonObject): { signature?: string } {
  const signature = asString(item['signature'])
  return signature === undefined || signature === '' ? {} : { signature }
}

/** Clients that collect a stream keep its pieces: text until a signature closes it is one part. */
function addItem(parts: ReasoningPart[], item: JsonObject): void {
  const type = asString(item['type']) ?? ''
  const read = Object.hasOwn(itemReaders, type) ? itemReaders[type]?.(item) : undefined
  if (read === undefined || (read.text === '' && read.signature === undefined && read.redacted === undefined)) return
  const part: ReasoningPart = { type: 'reasoning', ...read, ...given({ origin: readOrigin(item) }) }
  const last = parts.at(-1)
  const isOpen = last !== undefined && last.signature === undefined && last.redacted === undefined
  if (!isOpen || part.redacted !== undefined) parts.push(part)
  else parts[parts.length - 1] = { ...last, ...part, text: last.text + part.text }
}
