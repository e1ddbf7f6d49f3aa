import type { JsonObject } from '../../gateway/chat/json.ts'
import { type ScriptedDialect, type ScriptedDialectId, sse } from './scripted-dialect.ts'
import { readAnthropic } from './scripted-read-anthropic.ts'
import { readChat } from './scripted-read-chat.ts'
import { readGemini } from './scripted-read-gemini.ts'
import { readResponses } from './scripted-read-responses.ts'
import { anthropicStream, anthropicWhole } from './scripted-write-anthropic.ts'
import { chatStream, chatWhole } from './scripted-write-chat.ts'
import { geminiStream, geminiWhole } from './scripted-write-gemini.ts'
import { responsesStream, responsesWhole } from './scripted-write-responses.ts'

const openaiTypes: Record<number, [type: string, code: string]> = {
  400: ['invalid_request_error', 'invalid_value'],
  401: ['invalid_request_error', 'invalid_api_key'],
  429: ['requests', 'rate_limit_exceeded'],
}

function openaiError(status: number, message: string): JsonObject {
  const [type, code] = openaiTypes[status] ?? ['server_error', 'server_error']
  return { error: { message, type, param: null, code } }
}

const anthropicTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

function anthropicError(status: number, message: string): JsonObject {
  const error = { type: anthropicTypes[status] ?? 'api_error', message }
  return { type: 'error', error, request_id: 'req_scripted' }
}

const geminiStates: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
}

/** Google tells in the body how long to wait, and in no header. */
function geminiError(code: number, message: string, retryAfterSeconds?: number): JsonObject {
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }
  const details = retryAfterSeconds === undefined ? {} : { details: [retry] }
  return { error: { code, message, status: geminiStates[code] ?? 'INTERNAL', ...details } }
}

/** The vendor side of each wire format. */
export const scriptedTable: Record<ScriptedDialectId, ScriptedDialect> = {
  'openai-chat': {
    path: /\/v1\/chat\/completions$/,
    read: readChat,
    whole: chatWhole,
    stream: chatStream,
    error: openaiError,
    streamError: (message) => sse(openaiError(500, message)),
    retryHeader: 'retry-after',
  },
  'openai-responses': {
    path: /\/v1\/responses$/,
    read: readResponses,
    whole: responsesWhole,
    stream: responsesStream,
    error: openaiError,
    // Nested, as recorded, though the specification has it flat.
    streamError: (message) => sse({ type: 'error', sequence_number: 9, ...openaiError(500, message) }, 'error'),
    retryHeader: 'retry-after',
  },
  'anthropic-messages': {
    path: /\/v1\/messages$/,
    read: readAnthropic,
    whole: anthropicWhole,
    stream: anthropicStream,
    error: anthropicError,
    streamError: (message) => sse(anthropicError(529, message), 'error'),
    retryHeader: 'retry-after',
  },
  gemini: {
    path: /\/v1(beta)?\/models\/[^/:]+:(streamGenerateContent\?alt=sse|generateContent)$/,
    read: readGemini,
    whole: geminiWhole,
    stream: geminiStream,
    error: geminiError,
    streamError: (message) => sse(geminiError(503, message)),
  },
}
