import type { ChatChoice, ChatReply } from '../../../chat/collect.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../../chat/request.ts'
import type { ReplyAbout } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'
import { inputOfArguments } from '../../custom-input.ts'
import { encodeAnnotation, encodeReasoningDetail, encodeSignature, isCustom, originOf } from './encode-parts.ts'
import { encodeUsage } from './encode-usage.ts'
import { finishWord } from './finish.ts'

/** A whole answer as `chat.completion`. */
export function encodeWhole(reply: ChatReply, about: ReplyAbout): JsonObject {
  const usage = encodeUsage(reply.usage)
  return {
    id: reply.id ?? about.id,
    object: 'chat.completion',
    created: reply.created ?? about.created,
    model: reply.model ?? about.model,
    choices: reply.choices.map((choice, index) => encodeChoice(choice, index, about)),
    ...given({ usage, service_tier: reply.serviceTier, system_fingerprint: reply.fingerprint }),
  }
}

function encodeChoice(choice: ChatChoice, index: number, about: ReplyAbout): JsonObject {
  return {
    index,
    message: encodeMessage(choice, about),
    logprobs: choice.logprobs ?? null,
    finish_reason: finishWord(choice.finish?.unified ?? 'stop'),
  }
}

function encodeMessage({ parts, annotations }: ChatChoice, about: ReplyAbout): JsonObject {
  const calls = parts.filter((part) => part.type === 'tool-call')
  const refusal = textOf(parts, 'refusal')
  return {
    role: 'assistant',
    content: textOf(parts, 'text') ?? (calls.length > 0 || refusal !== undefined ? null : ''),
    refusal: refusal ?? null,
    ...given({
      annotations: annotations.length === 0 ? undefined : annotations.map(encodeAnnotation),
      tool_calls: calls.length === 0 ? undefined : calls.map((call) => encodeCall(call, about)),
    }),
    ...encodeReasoning(
      parts.filter((part) => part.type === 'reasoning'),
      about,
    ),
  }
}

/** undefined where there is no part of the kind, or only empty ones. */
function textOf(parts: AssistantPart[], type: 'text' | 'refusal' | 'reasoning'): string | undefined {
  const text = parts.map((part) => (part.type === type ? part.text : '')).join('')
  return text === '' ? undefined : text
}

function encodeCall(call: ToolCallPart, about: ReplyAbout): JsonObject {
  const extra = call.signature === undefined ? {} : { extra_content: encodeSignature(call.signature, originOf(about)) }
  if (isCustom(call.name, about))
    return {
      id: call.id,
      type: 'custom',
      custom: { name: call.name, input: inputOfArguments(call.arguments) },
      ...extra,
    }
  return {
    id: call.id,
    type: 'function',
    // A call without arguments is '' with some providers; OpenAI's clients parse the text.
    function: { name: call.name, arguments: call.arguments === '' ? '{}' : call.arguments },
    ...extra,
  }
}

function encodeReasoning(parts: ReasoningPart[], about: ReplyAbout): JsonObject {
  const isVisible = about.includeReasoning !== false
  const details = parts
    .map((part) => encodeReasoningDetail(part, originOf(about), isVisible))
    .filter((detail) => detail !== undefined)
  return given({
    reasoning_content: isVisible ? textOf(parts, 'reasoning') : undefined,
    reasoning_details: details.length === 0 ? undefined : details,
  })
}
