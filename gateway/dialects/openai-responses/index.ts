import type { Dialect } from '../dialect.ts'
import { responsesClient } from './client/index.ts'
import { responsesProvider } from './provider/index.ts'

/** OpenAI Responses (openapi.json 2.3.0, /responses). */
export const openaiResponses: Dialect = {
  id: 'openai-responses',
  client: responsesClient,
  provider: responsesProvider,
}
