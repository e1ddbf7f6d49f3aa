import type { StreamError } from '../../../chat/event.ts'
import type { Json, JsonObject } from '../../../chat/json.ts'
import { given } from '../../../chat/given.ts'
import { isContextLength, isRetryable, statusOf } from './error-rules.ts'
import { readErrorWords } from './error-words.ts'

/** An error inside a 200: in a chunk or in the body (OpenRouter, Azure, Groq, vLLM). `body` is what it came in. */
export function readErrorObject(error: Json, body: JsonObject): StreamError {
  const words = readErrorWords({ ...body, error })
  const status = statusOf(words)
  const code = isContextLength(status, words) ? 'context_length_exceeded' : words.code
  return {
    message: words.message ?? 'The provider reported an error in its answer.',
    status,
    retryable: isRetryable(status, words),
    ...given({ type: words.type, code }),
  }
}
