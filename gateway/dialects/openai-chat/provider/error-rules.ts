import type { ErrorWords } from './error-words.ts'

/**
 * Money or a quota is used up: asking again does not help, though it comes as 429 like a passing limit
 * (platform.openai.com/docs/guides/error-codes). `exceeded_current_quota_error` is Moonshot's, `1113` Z.ai's.
 */
const exhausted = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'billing_hard_limit_reached',
  'billing_not_active',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'exceeded_current_quota_error',
  'insufficient_balance',
  'enforced_spend_limit_reached',
  '1113',
])

export function isExhausted({ code, type }: ErrorWords): boolean {
  return (code !== undefined && exhausted.has(code)) || (type !== undefined && exhausted.has(type))
}

const contextCodes = new Set(['context_length_exceeded', 'context_window_exceeded', 'prompt_too_long'])

/**
 * vLLM, llama.cpp, Mistral, DeepSeek and proxies of Anthropic and Gemini have no code for it: here, and only here,
 * the message has to tell.
 */
const contextWords = [
  /maximum context length/i,
  /context (length|window|size)\b.*\b(exceed|limit)/i,
  /exceeds?\b.*\bcontext (length|window|size)/i,
  /prompt is too long/i,
  /input token count.*exceeds/i,
  /too large for model with \d+ maximum context/i,
]

export function isContextLength(status: number, { code, message }: ErrorWords): boolean {
  if (code !== undefined && contextCodes.has(code)) return true
  if (status !== 400 && status !== 413 && status !== 422) return false
  return code === undefined && contextWords.some((words) => words.test(message ?? ''))
}

/** What OpenAI's own SDK asks again for, and 425; 498 is Groq's "flex capacity exceeded". */
export function isRetryable(status: number, words: ErrorWords): boolean {
  if (isExhausted(words)) return false
  return status === 408 || status === 409 || status === 425 || status === 429 || status === 498 || status >= 500
}

/**
 * Whether another target may succeed. An exhausted account at this provider is no use asking again, but another provider
 * has another account; what the gateway's own caller has used up is refused long before.
 */
export function isFallback(status: number, words: ErrorWords): boolean {
  if (isContextLength(status, words) || isExhausted(words)) return true
  return isRetryable(status, words) && status !== 409
}

/** Kinds of errors that come inside a 200, where only their name tells the status. */
const statuses: Record<string, number> = {
  invalid_request_error: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  tool_use_failed: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  permission_error: 403,
  not_found_error: 404,
  model_not_found: 404,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  slow_down: 429,
  server_error: 500,
  internal_error: 500,
  internal_server_error: 500,
  api_error: 500,
  overloaded: 503,
  overloaded_error: 503,
  service_unavailable: 503,
  timeout: 504,
}

export function statusOf({ status, code, type }: ErrorWords): number {
  const named = [code, type].find((name) => name !== undefined && Object.hasOwn(statuses, name.toLowerCase()))
  return status ?? statuses[named?.toLowerCase() ?? ''] ?? 502
}
