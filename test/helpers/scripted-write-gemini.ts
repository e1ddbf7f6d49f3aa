import type { JsonObject } from '../../gateway/chat/json.ts'
import { finishOf, type ScriptedAnswer, usualUsage } from './scripted-answer.ts'
import { type AnswerAbout, sse } from './scripted-dialect.ts'
import { contentOf } from './scripted-read-gemini.ts'
import { slices } from './upstream-slices.ts'

export function geminiWhole(answer: ScriptedAnswer, about: AnswerAbout): JsonObject {
  const { thinking, text } = answer
  const parts = [
    ...(thinking === undefined ? [] : [{ text: thinking, thought: true }]),
    ...(text === undefined ? [] : [{ text, ...signedText(answer, about) }]),
    ...callParts(answer, about),
  ]
  return { ...candidate(parts, finishWord(answer)), ...tail(answer, about) }
}

/** Every event is a whole response with the usage so far; the last one says why it ended. */
export function geminiStream(answer: ScriptedAnswer, about: AnswerAbout): string[] {
  const { thinking = '', text = '' } = answer
  const parts: JsonObject[] = [
    ...slices(thinking).map((words) => ({ text: words, thought: true })),
    ...slices(text).map((words) => ({ text: words })),
    ...callParts(answer, about),
  ]
  const pieces = parts.map((part) => sse({ ...candidate([part]), ...tail(answer, about) }))
  const last = { text: '', ...signedText(answer, about) }
  return [...pieces, sse({ ...candidate([last], finishWord(answer)), ...tail(answer, about) })]
}

function candidate(parts: JsonObject[], finishReason?: string): JsonObject {
  const finish = finishReason === undefined ? {} : { finishReason }
  return { candidates: [{ index: 0, content: { role: 'model', parts }, ...finish }] }
}

function tail(answer: ScriptedAnswer, { model }: AnswerAbout): JsonObject {
  return { usageMetadata: usageOf(answer), modelVersion: model, responseId: 'resp-scripted' }
}

/** STOP also where a function is called. */
function finishWord(answer: ScriptedAnswer): string {
  return finishOf(answer) === 'length' ? 'MAX_TOKENS' : 'STOP'
}

/** Gemini 3 signs the text of an answer without calls too, in its last part; returning that one is only advised. */
function signedText({ text, thinking, calls = [] }: ScriptedAnswer, { issued }: AnswerAbout): JsonObject {
  if (text === undefined || thinking === undefined || calls.length > 0) return {}
  return { thoughtSignature: issued.sign(text) }
}

/** Of parallel calls only the first is signed; ids are optional, and left out. */
function callParts({ calls = [] }: ScriptedAnswer, { issued }: AnswerAbout): JsonObject[] {
  return calls.map((call, index) => {
    const part: JsonObject = { functionCall: { name: call.name, args: call.arguments } }
    return index === 0 ? { ...part, thoughtSignature: issued.sign(contentOf(part) ?? '') } : part
  })
}

/** `candidatesTokenCount` excludes thoughts; `promptTokenCount` includes what was cached. */
function usageOf({ usage = usualUsage }: ScriptedAnswer): JsonObject {
  const { input, output, cacheRead, reasoning } = usage
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - (reasoning ?? 0),
    totalTokenCount: input + output,
    ...(cacheRead === undefined ? {} : { cachedContentTokenCount: cacheRead }),
    ...(reasoning === undefined ? {} : { thoughtsTokenCount: reasoning }),
  }
}
