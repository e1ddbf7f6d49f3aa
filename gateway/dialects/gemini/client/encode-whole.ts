import type { ChatChoice, ChatReply } from '../../../chat/collect.ts'
import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { ReplyAbout } from '../../dialect.ts'
import { encodeLogprobs } from './encode-logprobs.ts'
import { callPart, groundingMetadata, isSigned, thoughtPart, type Thought } from './encode-parts.ts'
import { encodeUsage } from './encode-usage.ts'
import { finishWord } from './finish.ts'

/** A whole answer as GenerateContentResponse. */
export function encodeWhole(reply: ChatReply, about: ReplyAbout): JsonObject {
  return {
    candidates: reply.choices.map((choice, index) => encodeChoice(choice, index, about)),
    ...given({ usageMetadata: encodeUsage(reply.usage, reply.serviceTier) }),
    modelVersion: reply.model ?? about.model,
    responseId: reply.id ?? about.id,
  }
}

function encodeChoice(choice: ChatChoice, index: number, about: ReplyAbout): JsonObject {
  const { finish = { unified: 'stop' }, annotations, logprobs } = choice
  const isFiltered = finish.unified === 'content-filter'
  const refusal = choice.parts.find((part) => part.type === 'refusal')?.text
  const parts = encodeParts(choice, isFiltered, about)
  return {
    content: { parts: parts.length === 0 ? [{ text: '' }] : parts, role: 'model' },
    finishReason: finishWord(finish),
    index,
    ...given({
      finishMessage: isFiltered ? refusal : undefined,
      groundingMetadata: groundingMetadata(annotations),
      logprobsResult: encodeLogprobs(logprobs),
    }),
  }
}

/** A refusal is text here; why an answer was filtered is told beside it. */
function encodeParts({ parts }: ChatChoice, isFiltered: boolean, about: ReplyAbout): JsonObject[] {
  let before: Thought | undefined
  return parts.flatMap((part): JsonObject[] => {
    switch (part.type) {
      case 'text':
        return part.text === '' ? [] : [{ text: part.text }]
      case 'refusal':
        return isFiltered ? [] : [{ text: part.text }]
      case 'reasoning':
        if (isSigned(part)) before = part
        return listOf(thoughtPart(part, about))
      default: {
        const call = callPart(part, before, about)
        before = undefined
        return [call]
      }
    }
  })
}

function listOf(part: JsonObject | undefined): JsonObject[] {
  return part === undefined ? [] : [part]
}
