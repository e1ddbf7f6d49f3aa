import type { ProviderSide } from '../../dialect.ts'
import { readError } from '../../openai-chat/provider/errors.ts'
import { decodeStream } from './decode-stream.ts'
import { readBodyUsage } from './decode-usage.ts'
import { decodeWhole } from './decode-whole.ts'
import { writeResponses } from './write.ts'

/** How the gateway speaks OpenAI Responses to providers. */
export const responsesProvider: ProviderSide = {
  path: () => '/responses',
  readError,
  readUsage: readBodyUsage,
  members: { content: ['output'], usage: ['usage', 'service_tier', 'tool_usage'] },
  chat: { write: writeResponses, decodeStream, decodeWhole },
}
