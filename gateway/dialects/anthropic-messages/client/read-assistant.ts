import { asString, type Json, type JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Message, Origin, ReasoningPart, Warning } from '../../../chat/request.ts'
import { unseal } from '../../../chat/seal.ts'
import { given } from '../../../chat/given.ts'
import { optionalString, pathOf, requiredString } from '../../expect.ts'
import { leftOut, readBlocks, readCacheControl, markLast, textPart } from './read-parts.ts'

/** An answer the client sends back. One of which nothing is left is no message. */
export function readAssistant(message: JsonObject, at: string, warnings: Warning[]): Message[] {
  const param = pathOf(at, 'content')
  const blocks = readBlocks(message['content'], param)
  const parts = blocks.flatMap((block, index) => readBlock(block, pathOf(param, index), warnings))
  if (parts.length === 0 && blocks.length > 0) return []
  return [{ role: 'assistant', parts: signCalls(parts, readCallSignatures(blocks)) }]
}

type BlockReader = (block: JsonObject, at: string) => AssistantPart[]

const readers: Record<string, BlockReader> = {
  // Citations go: Anthropic alone knows them, and the text is whole without.
  text: (block, at) => markLast([textPart(requiredString(block, 'text', at))], readCacheControl(block)),
  thinking: readThinking,
  redacted_thinking: readRedacted,
  tool_use: (block, at) => [
    {
      type: 'tool-call',
      id: requiredString(block, 'id', at),
      name: requiredString(block, 'name', at),
      arguments: readInput(block['input']),
    },
  ],
  // The summary that stands for what the provider has forgotten.
  compaction: (block, at) => {
    const text = optionalString(block, 'content', at) ?? ''
    return text === '' ? [] : [textPart(text)]
  },
}

/** Tools that the provider ran and what they found were part of another provider's work: the answer's text remains. */
function readBlock(block: JsonObject, at: string, warnings: Warning[]): AssistantPart[] {
  const type = requiredString(block, 'type', at)
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (read !== undefined) return read(block, at)
  warnings.push(leftOut(at, type))
  return []
}

/** Ours is valid where it came from; a signature that is not sealed is Anthropic's own, and this is not Anthropic. */
const unknownOrigin: Origin = { provider: '', model: '' }

function readThinking(block: JsonObject, at: string): ReasoningPart[] {
  const thinking = optionalString(block, 'thinking', at) ?? ''
  const signature = optionalString(block, 'signature', at) ?? ''
  const sealed = unseal(signature)
  if (sealed !== undefined) {
    const { provider, model, text, signature: inner } = sealed
    return [{ type: 'reasoning', text: text ?? thinking, ...given({ signature: inner }), origin: { provider, model } }]
  }
  if (signature !== '') return [{ type: 'reasoning', text: thinking, signature, origin: unknownOrigin }]
  return thinking === '' ? [] : [{ type: 'reasoning', text: thinking }]
}

function readRedacted(block: JsonObject, at: string): ReasoningPart[] {
  const data = requiredString(block, 'data', at)
  const sealed = unseal(data)
  if (sealed === undefined) return [{ type: 'reasoning', text: '', redacted: data, origin: unknownOrigin }]
  const { provider, model, redacted } = sealed
  // Without it the block carries the signature of a call.
  return redacted === undefined ? [] : [{ type: 'reasoning', text: '', redacted, origin: { provider, model } }]
}

/** JSON text. Clients that could not parse what the model wrote send it as it was. */
function readInput(input: Json | undefined): string {
  if (typeof input === 'string') return input
  return JSON.stringify(input ?? {})
}

type CallSignature = { signature: string; origin: Origin }

/** See `encodeCallSignature`: the calls of this answer that are signed, by id. */
function readCallSignatures(blocks: JsonObject[]): Map<string, CallSignature> {
  const signatures = new Map<string, CallSignature>()
  for (const block of blocks) {
    const sealed = block['type'] === 'redacted_thinking' ? unseal(asString(block['data']) ?? '') : undefined
    if (sealed?.call === undefined || sealed.signature === undefined) continue
    const { call, signature, provider, model } = sealed
    signatures.set(call, { signature, origin: { provider, model } })
  }
  return signatures
}

function signCalls(parts: AssistantPart[], signatures: Map<string, CallSignature>): AssistantPart[] {
  if (signatures.size === 0) return parts
  return parts.map((part) => (part.type === 'tool-call' ? { ...part, ...signatures.get(part.id) } : part))
}
