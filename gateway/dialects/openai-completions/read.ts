import { asArray, asNumber, type Json, type JsonObject } from '../../chat/json.ts'
import type { ChatRequest, Loss } from '../../chat/request.ts'
import { missing, optionalBoolean, optionalString, unsupported, wrongType } from '../expect.ts'
import { isHarmless, readModel, readSampling } from '../openai-chat/client/read.ts'
import { given } from '../../chat/given.ts'

/**
 * A legacy completion request -> one user message. What only a completion model can do (token arrays, several prompts,
 * suffix, echo, best_of) is refused here; calls that are passed through never come here.
 */
export function readCompletion(body: JsonObject): Loss<ChatRequest> {
  refuseUntranslatable(body)
  const uncarried = Object.keys(body).filter((name) => !carried.has(name) && !isHarmless(name, body))
  const value: ChatRequest = {
    model: readModel(body),
    messages: [{ role: 'user', parts: [{ type: 'text', text: readPrompt(body['prompt'] ?? undefined) }] }],
    stream: optionalBoolean(body, 'stream') ?? false,
    ...readSampling(body),
    ...given({
      serviceTier: optionalString(body, 'service_tier'),
      user: optionalString(body, 'user'),
      uncarried: uncarried.length === 0 ? undefined : uncarried,
    }),
  }
  return { value, warnings: [] }
}

/** `logprobs` is a number here, and its answer has another shape than chat's: left in `uncarried`. */
const carried = new Set([
  'model',
  'prompt',
  'stream',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'n',
  'user',
  'service_tier',
  'suffix',
  'echo',
  'best_of',
])

function readPrompt(prompt: Json | undefined): string {
  if (prompt === undefined) throw missing('prompt')
  if (typeof prompt === 'string') return prompt
  const items = asArray(prompt)
  if (items === undefined) throw wrongType('prompt', 'a string or an array', prompt)
  const [only, ...others] = items
  if (typeof only === 'number' || Array.isArray(only))
    throw unsupported('prompt', 'is an array of tokens, which only the model they were made for understands.')
  if (others.length > 0) throw unsupported('prompt', 'has several prompts; send one call for each.')
  if (typeof only !== 'string') throw wrongType('prompt', 'a string or an array of one string', prompt)
  return only
}

function refuseUntranslatable(body: JsonObject): void {
  const suffix = optionalString(body, 'suffix')
  if (suffix !== undefined && suffix !== '')
    throw unsupported('suffix', 'needs a completion model: chat models cannot insert.')
  if (optionalBoolean(body, 'echo') === true) throw unsupported('echo', 'needs a completion model.')
  if ((asNumber(body['best_of']) ?? 1) > 1) throw unsupported('best_of', 'needs a completion model.')
}
