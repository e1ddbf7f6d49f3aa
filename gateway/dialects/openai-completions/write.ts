import type { JsonObject } from '../../chat/json.ts'
import type { ChatRequest, Loss, Message } from '../../chat/request.ts'
import { GatewayError } from '../../errors.ts'
import { readLosses, writeSampling, writeStream } from '../openai-chat/provider/write.ts'
import { given } from '../../chat/given.ts'
import type { WriteTarget } from '../dialect.ts'

/** A completion model continues one text; a conversation, images and tools have no form for it. */
export function writeCompletion(request: ChatRequest, target: WriteTarget): Loss<JsonObject> {
  const warnings = readLosses(request)
  const { logprobs, ...knobs } = request
  const { max_completion_tokens, ...sampling } = writeSampling(knobs, target, warnings)
  if (logprobs !== undefined) warnings.push({ feature: 'logprobs', reason: 'completion models tell them another way' })
  const value: JsonObject = {
    model: target.model,
    prompt: readPrompt(request),
    ...given({ max_tokens: max_completion_tokens, user: request.user }),
    ...sampling,
    ...writeStream(request.stream),
  }
  return { value, warnings }
}

function readPrompt({ messages, tools }: ChatRequest): string {
  if (tools !== undefined && tools.length > 0) throw cannotCarry('tools')
  const [only, ...others] = messages
  if (only?.role !== 'user' || others.length > 0) throw cannotCarry('messages')
  return textOf(only)
}

function textOf({ parts }: Extract<Message, { role: 'user' }>): string {
  return parts
    .map((part, index) => {
      if (part.type === 'text') return part.text
      throw cannotCarry(`messages[0].content[${index}]`)
    })
    .join('\n\n')
}

function cannotCarry(param: string): GatewayError {
  const text = `'${param}' cannot be sent to a completion model, which takes one user message of text.`
  return new GatewayError('unsupported_content', text, { param })
}
