import { asNumber, asObject, type JsonObject, parseJson } from '../../gateway/chat/json.ts'
import { type Answer, defaultUsage, type Finish, type Renderer, type StreamPiece } from './upstream-answer.ts'
import type { Exchange } from './upstream-exchange.ts'
import { slices } from './upstream-slices.ts'

/** STOP also when a function is called: that is Gemini's way. */
const finishes: Record<Finish, string> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
}

/** Comes with the first function call and must go back with it. */
export const thoughtSignature = 'AVSoXO4fakeThoughtSignature+/=='

/** Gemini generateContent and streamGenerateContent. */
export const gemini: Renderer = {
  whole: (answer, exchange) => ({
    candidates: indices(exchange).map((index) => candidate(index, wholeParts(answer), finishOf(answer))),
    ...about(answer, exchange),
  }),
  stream: (answer, exchange) => [
    ...indices(exchange).flatMap((index) =>
      streamParts(answer).map((part) =>
        chunk({ candidates: [candidate(index, [part])], ...about(answer, exchange) }, true),
      ),
    ),
    chunk({
      candidates: indices(exchange).map((index) => candidate(index, [], finishOf(answer))),
      ...about(answer, exchange),
    }),
  ],
}

function chunk(body: JsonObject, content = false): StreamPiece {
  return { data: JSON.stringify(body), content }
}

function indices({ request: { body } }: Exchange): number[] {
  const count = asNumber(asObject(body['generationConfig'])?.['candidateCount']) ?? 1
  return Array.from({ length: count }, (_, index) => index)
}

function candidate(index: number, parts: JsonObject[], finishReason?: string): JsonObject {
  const content = parts.length === 0 ? {} : { content: { role: 'model', parts } }
  return { index, ...content, ...(finishReason === undefined ? {} : { finishReason }) }
}

function about(answer: Answer, { route }: Exchange): JsonObject {
  const usage = answer.noUsage === true ? {} : { usageMetadata: usageOf(answer) }
  return { ...usage, modelVersion: route.model, responseId: 'resp_fake' }
}

function finishOf({ finish = 'stop', rawFinish, refusal }: Answer): string {
  return refusal === undefined ? (rawFinish ?? finishes[finish]) : 'SAFETY'
}

function wholeParts({ reasoning, text, toolCalls = [] }: Answer): JsonObject[] {
  return [
    ...(reasoning === undefined ? [] : [{ text: reasoning, thought: true }]),
    ...(text === undefined ? [] : [{ text }]),
    ...callParts(toolCalls),
  ]
}

function streamParts({ reasoning = '', text = '', toolCalls = [] }: Answer): JsonObject[] {
  return [
    ...slices(reasoning).map((words) => ({ text: words, thought: true })),
    ...slices(text).map((words) => ({ text: words })),
    ...callParts(toolCalls),
  ]
}

/** Of parallel calls only the first is signed; ids are optional and left out. */
function callParts(calls: NonNullable<Answer['toolCalls']>): JsonObject[] {
  return calls.map(({ name, arguments: json }, index) => ({
    functionCall: { name, args: parseJson(json === '' ? '{}' : json) ?? {} },
    ...(index === 0 ? { thoughtSignature } : {}),
  }))
}

/** candidatesTokenCount excludes thoughts; promptTokenCount includes what was cached. */
function usageOf({ usage = defaultUsage }: Answer): JsonObject {
  const { input, output, cacheRead, reasoning } = usage
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - (reasoning ?? 0),
    totalTokenCount: input + output,
    ...(cacheRead === undefined ? {} : { cachedContentTokenCount: cacheRead }),
    ...(reasoning === undefined ? {} : { thoughtsTokenCount: reasoning }),
  }
}
