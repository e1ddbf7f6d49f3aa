import type { ChatRequest, JsonObject, Message, OutputFormat } from '../../../chat/request.ts'
import { describedSchema } from '../../described-schema.ts'
import type { WriteContext } from './write-context.ts'
import { writeText } from './write-user.ts'

/**
 * System and developer messages have no place in the turns of most models (only some new ones take them there), so all
 * are hoisted to the top-level `system`, in order, as its blocks.
 */
export function writeSystem(request: ChatRequest, context: WriteContext): JsonObject[] {
  reportMoved(request.messages, context)
  const hoisted = request.messages.flatMap((message) =>
    message.role === 'system' ? message.parts.flatMap((part) => writeText(part, context)) : [],
  )
  const instruction = outputInstruction(request.output, context)
  return instruction === undefined ? hoisted : [...hoisted, { type: 'text', text: instruction }]
}

function reportMoved(messages: Message[], { warn }: WriteContext): void {
  const first = messages.findIndex(({ role }) => role !== 'system')
  for (const [index, { role }] of messages.entries())
    if (role === 'system' && first !== -1 && index > first)
      warn(`messages[${index}]`, 'Anthropic has its system prompt ahead of the conversation: it was moved there')
}

/** For what cannot be enforced: said in words, and reported as only that. */
function outputInstruction(output: OutputFormat | undefined, context: WriteContext): string | undefined {
  if (output?.type === 'json') {
    context.warn(
      'response_format',
      'Anthropic has no JSON mode without a schema: JSON is asked for in words, not enforced',
    )
    return 'Answer with one JSON object and nothing else: no code fence, no words before or after it.'
  }
  if (output?.type !== 'json-schema' || context.target.facts.structuredOutput !== false) return undefined
  context.warn('response_format', 'this model cannot enforce a JSON schema: it is asked for in words')
  const schema = JSON.stringify(describedSchema(output))
  return `Answer with JSON that is valid by this JSON schema and nothing else, no code fence, no other words:\n${schema}`
}
