import type { JsonObject } from '../../gateway/chat/json.ts'
import type { Route } from './upstream-route.ts'

export interface ErrorWords {
  message?: string
  type?: string
  code?: string
  param?: string
}

/** An error as the provider of that dialect words it. */
export function errorBody({ dialect }: Route, status: number, words: ErrorWords = {}): JsonObject {
  if (dialect.startsWith('anthropic')) return anthropicError(status, words)
  if (dialect.startsWith('gemini')) return geminiError(status, words)
  return openaiError(status, words)
}

const openaiWords: Record<number, Required<ErrorWords>> = {
  400: {
    message: 'Invalid value for messages.',
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'messages',
  },
  401: { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key', param: '' },
  403: {
    message: 'Not allowed.',
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    param: '',
  },
  404: { message: 'The model does not exist.', type: 'invalid_request_error', code: 'model_not_found', param: '' },
  429: { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded', param: '' },
}

/** All four keys are always there. */
function openaiError(status: number, words: ErrorWords): JsonObject {
  const usual = openaiWords[status] ?? {
    message: 'The server had an error.',
    type: 'server_error',
    code: '',
    param: '',
  }
  const { message, type, code, param } = { ...usual, ...words }
  return { error: { message, type, param: param === '' ? null : param, code: code === '' ? null : code } }
}

const anthropicTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

function anthropicError(status: number, { message, type }: ErrorWords): JsonObject {
  const error = { type: type ?? anthropicTypes[status] ?? 'api_error', message: message ?? `Anthropic says ${status}.` }
  return { type: 'error', error, request_id: 'req_fake' }
}

const geminiStates: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function geminiError(status: number, { message, type }: ErrorWords): JsonObject {
  const state = type ?? geminiStates[status] ?? 'UNKNOWN'
  return { error: { code: status, message: message ?? `Gemini says ${status}.`, status: state } }
}
