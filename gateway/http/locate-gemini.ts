import { gemini } from '../dialects/gemini/index.ts'
import { GatewayError } from '../errors.ts'
import type { Located } from './llm.ts'

/** `rest` is what follows `/models/`: `gemini-2.5-pro:streamGenerateContent`. */
export function locateGemini({ rest }: { rest: string; query: Record<string, string | undefined> }): Located {
  const colon = rest.lastIndexOf(':')
  const method = rest.slice(colon + 1)
  if (colon <= 0 || (method !== 'generateContent' && method !== 'streamGenerateContent'))
    throw new GatewayError('not_found', `There is no method "${method}" of a model.`)
  return { dialect: gemini, asked: { model: rest.slice(0, colon), stream: method === 'streamGenerateContent' } }
}
