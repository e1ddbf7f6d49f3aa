import { asObject, parseJson } from '../../../chat/json.ts'
import type { ErrorResponse, UpstreamError } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'
import { isContextLength, isFallback, isRetryable } from './error-rules.ts'
import { readErrorWords, type ErrorWords } from './error-words.ts'
import { header, readRetryAfter } from '../../retry-after.ts'

/** Longest error text worth showing, in UTF-16 units. */
const longestMessage = 2000

/** An error answer of an OpenAI-like provider, in any shape, JSON or not. */
export function readError({ status, headers, body }: ErrorResponse): UpstreamError {
  const parsed = parseJson(body)
  const words = parsed === undefined ? {} : withAzureFilter(readErrorWords(parsed), parsed)
  const message = (words.message ?? readText(parsed === undefined ? body : '') ?? nameless(status)).slice(
    0,
    longestMessage,
  )
  const known = { ...words, message }
  const code = isContextLength(status, known) ? 'context_length_exceeded' : words.code
  return {
    status,
    message,
    ...given({ type: words.type, code, param: words.param, retryAfterMs: readRetryAfter(headers) }),
    retryable: toldToRetry(headers) ?? isRetryable(status, known),
    fallback: isFallback(status, known),
  }
}

/** OpenAI's own SDK obeys this header before the status. */
function toldToRetry(headers: ErrorResponse['headers']): boolean | undefined {
  const told = header(headers, 'x-should-retry')
  return told === 'true' ? true : told === 'false' ? false : undefined
}

/** Azure tells a filtered prompt by `innererror` too, in older versions only there. */
function withAzureFilter(words: ErrorWords, body: unknown): ErrorWords {
  const inner = asObject(asObject(asObject(body)?.['error'])?.['innererror'])
  if (inner?.['code'] !== 'ResponsibleAIPolicyViolation') return words
  return { type: 'invalid_request_error', ...words, code: 'content_filter' }
}

/** Plain text as it is; of an HTML page (a proxy's) its title, else its text. */
function readText(body: string): string | undefined {
  const text = body.trim()
  if (!text.startsWith('<')) return text === '' ? undefined : text
  const title = /<title[^>]*>([^<]+)<\/title>/i.exec(text)?.[1]?.trim()
  const shown =
    title ??
    text
      .replaceAll(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  return shown === '' ? undefined : shown
}

function nameless(status: number): string {
  return `The provider answered with HTTP status ${status} and no explanation.`
}
