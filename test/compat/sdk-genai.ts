import {
  ApiError,
  type Content,
  type FunctionCall,
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  ThinkingLevel,
} from '@google/genai'
import { type JsonObject, parseJson } from '../../gateway/chat/json.ts'
import {
  apiKey,
  clockDescription,
  clockName,
  clockSchema,
  reportSchema,
  weatherDescription,
  weatherName,
  weatherSchema,
} from './questions.ts'
import { type Answered, type Ask, type Explained, type Facts, finishIn, type Next, type Sdk } from './sdk.ts'

export const genaiSdk: Sdk = {
  name: '`@google/genai`',
  packages: ['@google/genai'],
  dialect: 'gemini',
  lacks: {},
  open: ({ url, model }) => {
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })
    return {
      ask: (ask) => converse(client, model, ask, [firstContent(ask)]),
      models: async () => {
        const names: string[] = []
        for await (const { name } of await client.models.list()) names.push((name ?? '').replace(/^models\//, ''))
        return names
      },
      count: async (contents) => (await client.models.countTokens({ model, contents })).totalTokens,
      explain,
    }
  },
}

/** Its error has no headers; the message is the body. */
function explain(error: unknown): Explained {
  if (!(error instanceof ApiError)) throw error
  const delay = /"retryDelay":\s*"(\d+)s"/.exec(error.message)?.[1]
  return {
    status: error.status,
    message: error.message,
    kind: /"status":\s*"([A-Z_]+)"/.exec(error.message)?.[1],
    retryAfterSeconds: delay === undefined ? undefined : Number(delay),
  }
}

function firstContent({ text, image, file }: Ask): Content {
  const parts: Part[] = [{ text }]
  if (image !== undefined) parts.push({ inlineData: { mimeType: 'image/png', data: image } })
  if (file !== undefined) parts.push({ inlineData: { mimeType: 'application/pdf', data: file } })
  return { role: 'user', parts }
}

interface Gathered {
  parts: Part[]
  last: GenerateContentResponse
  finish: string | undefined
}

async function converse(client: GoogleGenAI, model: string, ask: Ask, contents: Content[]): Promise<Answered> {
  const params = { model, contents, config: configOf(ask) }
  const gathered = ask.stream
    ? await gather(await client.models.generateContentStream(params), ask)
    : whole(await client.models.generateContent(params))
  const { parts } = gathered
  return {
    facts: factsOf(gathered, ask),
    goOn: (next, other = model) => {
      const more: Content[] = [
        { role: 'model', parts },
        { role: 'user', parts: nextParts(next, parts) },
      ]
      return converse(client, other, ask, [...contents, ...more])
    },
  }
}

function nextParts(next: Next, parts: Part[]): Part[] {
  if ('text' in next) return [{ text: next.text }]
  const calls = callsOf(parts)
  return next.results.map((result, index) => {
    const { id, name = '' } = calls[index] ?? {}
    return { functionResponse: { ...(id === undefined ? {} : { id }), name, response: { result } } }
  })
}

function callsOf(parts: Part[]): FunctionCall[] {
  return parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall]))
}

function whole(answer: GenerateContentResponse): Gathered {
  const [candidate] = answer.candidates ?? []
  return { parts: candidate?.content?.parts ?? [], last: answer, finish: candidate?.finishReason }
}

async function gather(chunks: AsyncIterable<GenerateContentResponse>, ask: Ask): Promise<Gathered> {
  const parts: Part[] = []
  let gathered: Gathered | undefined
  for await (const chunk of chunks) {
    const piece = whole(chunk)
    // A last, empty part only closes the stream; sent back it would be refused unless it is signed.
    parts.push(...piece.parts.filter((part) => part.text !== '' || part.thoughtSignature !== undefined))
    gathered = { parts, last: chunk, finish: piece.finish ?? gathered?.finish }
    const text = textOf(piece.parts)
    if (text !== '') ask.onPiece?.(text)
  }
  if (gathered === undefined) throw new Error('the stream was empty')
  return gathered
}

const any = FunctionCallingConfigMode.ANY
const declarations = [
  { name: weatherName, description: weatherDescription, parametersJsonSchema: weatherSchema },
  { name: clockName, description: clockDescription, parametersJsonSchema: clockSchema },
]

function configOf(ask: Ask): GenerateContentConfig {
  return {
    ...(ask.system === undefined ? {} : { systemInstruction: ask.system }),
    ...(ask.tools === undefined ? {} : { tools: [{ functionDeclarations: declarations }] }),
    ...(ask.tools === 'required' ? { toolConfig: { functionCallingConfig: { mode: any } } } : {}),
    ...(ask.schema === true ? { responseMimeType: 'application/json', responseJsonSchema: reportSchema } : {}),
    ...(ask.stop === undefined ? {} : { stopSequences: ask.stop }),
    ...(ask.maxTokens === undefined ? {} : { maxOutputTokens: ask.maxTokens }),
    ...(ask.think === true ? { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW } } : {}),
    ...(ask.signal === undefined ? {} : { abortSignal: ask.signal }),
  }
}

function factsOf({ parts, last, finish }: Gathered, ask: Ask): Facts {
  const calls = callsOf(parts)
  const text = textOf(parts)
  const usage = last.usageMetadata
  const reasoning = usage?.thoughtsTokenCount ?? 0
  return {
    text,
    thinking: parts.map((part) => (part.thought === true ? (part.text ?? '') : '')).join(''),
    calls: calls.map(({ name = '', args = {} }) => ({ name, arguments: args as JsonObject })),
    // STOP also where functions are called: that is Google's way.
    finish: calls.length > 0 && finish === 'STOP' ? 'tool-calls' : finishIn(finishes, finish),
    usage: {
      input: usage?.promptTokenCount ?? -1,
      output: (usage?.candidatesTokenCount ?? -1) + reasoning,
      cacheRead: usage?.cachedContentTokenCount ?? 0,
      reasoning,
    },
    object: ask.schema === true ? (parseJson(text) as JsonObject) : undefined,
  }
}

/** `response.text` says the same, but warns of calls. */
function textOf(parts: Part[]): string {
  return parts.map((part) => (part.thought === true ? '' : (part.text ?? ''))).join('')
}

const finishes = { STOP: 'stop', MAX_TOKENS: 'length' }
