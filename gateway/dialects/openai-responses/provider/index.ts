import type { ProviderSide } from '../../dialect.ts'
import { readError } from '../../openai-chat/provider/errors.ts'

/** How the gateway speaks OpenAI Responses to providers. */
export const responsesProvider: ProviderSide = {
  path: () => '/responses',
  readError,
  members: { content: ['output'], usage: ['usage', 'service_tier'] },
}
