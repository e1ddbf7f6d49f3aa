import type { ChatChoice, ChatReply } from '../../gateway/chat/collect.ts'
import type { Annotation } from '../../gateway/chat/event.ts'
import type { UnifiedFinish } from '../../gateway/chat/finish.ts'
import { parseJson, type Json } from '../../gateway/chat/json.ts'
import type { AssistantPart } from '../../gateway/chat/request.ts'
import { unseal } from '../../gateway/chat/seal.ts'
import { unsealCall } from '../../gateway/dialects/openai-responses/client/seal-call.ts'
import type { Usage } from '../../gateway/chat/usage.ts'

/** What an answer comes to, however it was cut into blocks; what is sealed is opened. */
export interface Outline {
  id: string | undefined
  model: string | undefined
  created: number | undefined
  serviceTier: string | undefined
  fingerprint: string | undefined
  choices: ChoiceOutline[]
  usage: Partial<Usage> | undefined
}

export interface ChoiceOutline {
  text: string
  thinking: string
  /** Signatures and encrypted thinking, in order. */
  signed: { signature?: string; redacted?: string }[]
  refusal: string
  calls: { id: string; name: string; arguments: Json; signature?: string }[]
  annotations: Annotation[]
  finish: UnifiedFinish | undefined
  stopSequence: string | undefined
  /** Kinds of blocks, neighbours of one kind as one. */
  order: string[]
}

export function outlineOf(reply: ChatReply): Outline {
  const { id, model, created, serviceTier, fingerprint, choices, usage } = reply
  const { raw: _, serviceTier: usedTier, ...counts } = usage ?? {}
  return {
    id,
    model,
    created,
    serviceTier: serviceTier ?? usedTier,
    fingerprint,
    choices: choices.map(choiceOutline),
    usage: usage === undefined ? undefined : counts,
  }
}

function choiceOutline({ parts: sealed, annotations, finish }: ChatChoice): ChoiceOutline {
  const { parts, callSignatures } = open(sealed)
  const joined = (type: 'text' | 'reasoning' | 'refusal'): string =>
    parts.map((part) => (part.type === type ? part.text : '')).join('')
  return {
    text: joined('text'),
    thinking: joined('reasoning'),
    signed: parts.flatMap((part): ChoiceOutline['signed'] => {
      if (part.type !== 'reasoning') return []
      if (part.redacted !== undefined) return [{ redacted: part.redacted }]
      return part.signature === undefined ? [] : [{ signature: part.signature }]
    }),
    refusal: joined('refusal'),
    calls: parts.flatMap((part) => {
      if (part.type !== 'tool-call') return []
      const signature = callSignatures.get(part.id) ?? part.signature
      const json = part.arguments === '' ? {} : (parseJson(part.arguments) ?? part.arguments)
      return [{ id: part.id, name: part.name, arguments: json, ...(signature === undefined ? {} : { signature }) }]
    }),
    annotations: annotations.map(({ url, title }) => ({ url, title: title ?? url })),
    finish: finish?.unified,
    stopSequence: finish?.stopSequence,
    order: parts.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]),
  }
}

/** As our client sides would read it again: signatures of calls travel in blocks of thinking where calls have no place. */
function open(parts: AssistantPart[]): { parts: AssistantPart[]; callSignatures: Map<string, string> } {
  const callSignatures = new Map<string, string>()
  const opened = parts.flatMap((part): AssistantPart[] => {
    if (part.type === 'tool-call') return [openCall(part)]
    if (part.type !== 'reasoning') return [part]
    const sealed = unseal(part.signature ?? part.redacted ?? '')
    if (sealed === undefined) return [part]
    const { signature, redacted, text } = sealed
    const call = signedCall(part.signature ?? part.redacted ?? '') ?? sealed
    if (call.call !== undefined && call.signature !== undefined) {
      callSignatures.set(call.call, call.signature)
      return []
    }
    const shown = part.text === '' ? (text ?? '') : part.text
    return [
      {
        type: 'reasoning',
        text: shown,
        ...(signature === undefined ? {} : { signature }),
        ...(redacted === undefined ? {} : { redacted }),
      },
    ]
  })
  return { parts: opened, callSignatures }
}

function signedCall(content: string): { call: string; signature: string } | undefined {
  const signed = unsealCall(content)
  return signed === undefined ? undefined : { call: signed.callId, signature: signed.signature }
}

/** Of a call's signature that is the one of the thought before it, nothing is left: the thought has it. */
function openCall(part: AssistantPart & { type: 'tool-call' }): AssistantPart {
  const { signature, ...call } = part
  if (signature === undefined) return part
  const sealed = unseal(signature)
  if (sealed === undefined) return part
  const isThought = sealed.redacted !== undefined || sealed.text !== undefined
  return isThought || sealed.signature === undefined ? call : { ...call, signature: sealed.signature }
}
