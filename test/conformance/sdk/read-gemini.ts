import { GoogleGenAI, type GenerateContentResponse, type Part } from '@google/genai'
import { finishReason } from '../../../gateway/dialects/gemini/provider/finish.ts'
import { answering, isStreamed, type Reader, type Reading } from './reading.ts'

/** `@google/genai`, which leaves it to its users to put the pieces of a stream together. */
export const readWithGemini: Reader = async (answer) => {
  const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { fetch: answering(answer) } })
  const request = { model: 'm', contents: 'hello' }
  if (!isStreamed(answer)) return readingOf([await client.models.generateContent(request)])
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of await client.models.generateContentStream(request)) chunks.push(chunk)
  return readingOf(chunks)
}

function readingOf(chunks: GenerateContentResponse[]): Reading {
  const candidates = chunks.flatMap((chunk) => (chunk.candidates ?? []).filter(({ index = 0 }) => index === 0))
  const parts = candidates.flatMap(({ content }) => content?.parts ?? [])
  const calls = parts.flatMap(callOf)
  const word = candidates.findLast((candidate) => candidate.finishReason !== undefined)?.finishReason
  if (word === undefined) throw new Error('an answer without finishReason')
  const usage = chunks.findLast((chunk) => chunk.usageMetadata !== undefined)?.usageMetadata
  const reasoning = usage?.thoughtsTokenCount ?? 0
  return {
    text: parts.map((part) => (part.thought === true ? '' : (part.text ?? ''))).join(''),
    refusal: candidates.map(({ finishMessage = '' }) => finishMessage).join(''),
    thinking: parts.map((part) => (part.thought === true ? (part.text ?? '') : '')).join(''),
    calls,
    finish: finishReason(word, calls.length > 0).unified,
    usage:
      usage === undefined
        ? undefined
        : {
            input: usage.promptTokenCount ?? 0,
            output: (usage.candidatesTokenCount ?? 0) + reasoning,
            cacheRead: usage.cachedContentTokenCount ?? 0,
            reasoning,
          },
  }
}

function callOf({ functionCall }: Part): Reading['calls'] {
  if (functionCall === undefined) return []
  const { id = '', name = '', args } = functionCall
  return [{ id, name, arguments: args }]
}
