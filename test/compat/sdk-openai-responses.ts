import OpenAI from 'openai'
import { zodTextFormat } from 'openai/helpers/zod'
import { toResponseInputItems } from 'openai/lib/responses/ResponseInputItems'
import type {
  FunctionTool,
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses'
import type { JsonObject } from '../../gateway/chat/json.ts'
import {
  apiKey,
  clockDescription,
  clockName,
  clockSchema,
  pdfName,
  reportName,
  reportZod,
  weatherDescription,
  weatherName,
  weatherSchema,
} from './questions.ts'
import { type Answered, type Ask, type Facts, type Next, type Sdk } from './sdk.ts'
import { explainOpenai } from './sdk-openai-chat.ts'

export const openaiResponsesSdk: Sdk = {
  name: '`openai`, responses',
  packages: ['openai'],
  dialect: 'openai-responses',
  lacks: {
    'stop-sequences': 'The Responses API has no stop sequences.',
    count: 'The gateway does not count tokens for the Responses API.',
  },
  open: ({ url, model }) => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
    return {
      ask: (ask) => converse(client, model, ask, [firstItem(ask)]),
      models: async () => (await client.models.list()).data.map(({ id }) => id),
      explain: explainOpenai,
    }
  },
}

function firstItem({ text, image, file }: Ask): ResponseInputItem {
  const parts: ResponseInputContent[] = [{ type: 'input_text', text }]
  if (image !== undefined)
    parts.push({ type: 'input_image', image_url: `data:image/png;base64,${image}`, detail: 'auto' })
  if (file !== undefined)
    parts.push({ type: 'input_file', filename: pdfName, file_data: `data:application/pdf;base64,${file}` })
  return { role: 'user', content: parts.length === 1 ? text : parts }
}

async function converse(client: OpenAI, model: string, ask: Ask, input: ResponseInputItem[]): Promise<Answered> {
  const params: ResponseCreateParamsNonStreaming = { model, input, store: false, ...knobs(ask) }
  const options = ask.signal === undefined ? {} : { signal: ask.signal }
  let answer: Response
  if (ask.schema === true) answer = await client.responses.parse({ ...params, text: format }, options)
  else if (!ask.stream) answer = await client.responses.create(params, options)
  else {
    const stream = client.responses.stream({ ...params, stream: true }, options)
    for await (const event of stream) if (event.type === 'response.output_text.delta') ask.onPiece?.(event.delta)
    answer = await stream.finalResponse()
  }
  return {
    facts: factsOf(answer),
    goOn: (next, other = model) => {
      return converse(client, other, ask, [
        ...input,
        ...toResponseInputItems(answer.output),
        ...nextItems(next, answer),
      ])
    },
  }
}

function nextItems(next: Next, { output }: Response): ResponseInputItem[] {
  if ('text' in next) return [{ role: 'user', content: next.text }]
  const calls = output.filter((item) => item.type === 'function_call')
  return next.results.map((result, index) => {
    return { type: 'function_call_output', call_id: calls[index]?.call_id ?? '', output: result }
  })
}

const format = { format: zodTextFormat(reportZod, reportName) }

const common = { type: 'function', strict: false } as const
const tools: FunctionTool[] = [
  { ...common, name: weatherName, description: weatherDescription, parameters: weatherSchema },
  { ...common, name: clockName, description: clockDescription, parameters: clockSchema },
]

function knobs(ask: Ask): Partial<ResponseCreateParamsNonStreaming> {
  return {
    ...(ask.system === undefined ? {} : { instructions: ask.system }),
    ...(ask.tools === undefined ? {} : { tools }),
    ...(ask.tools === 'required' ? { tool_choice: 'required' } : {}),
    ...(ask.maxTokens === undefined ? {} : { max_output_tokens: ask.maxTokens }),
    ...(ask.think === true
      ? { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] }
      : {}),
  }
}

function factsOf(answer: Response): Facts {
  const { output, usage } = answer
  const calls = output.filter((item) => item.type === 'function_call')
  const thoughts = output.filter((item) => item.type === 'reasoning')
  return {
    text: answer.output_text,
    thinking: thoughts.flatMap(({ summary }) => summary.map(({ text }) => text)).join(''),
    calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) as JsonObject })),
    finish: finishOf(answer, calls.length),
    usage: {
      input: usage?.input_tokens ?? -1,
      output: usage?.output_tokens ?? -1,
      cacheRead: usage?.input_tokens_details?.cached_tokens ?? 0,
      reasoning: usage?.output_tokens_details?.reasoning_tokens ?? 0,
    },
    object: ((answer as { output_parsed?: JsonObject | null }).output_parsed ?? undefined) as JsonObject | undefined,
  }
}

/** The status says it; that tools are called shows in the items only. */
function finishOf({ status, incomplete_details: details }: Response, callCount: number): string {
  if (status === 'incomplete') return details?.reason === 'max_output_tokens' ? 'length' : String(details?.reason)
  if (status !== 'completed') return String(status)
  return callCount > 0 ? 'tool-calls' : 'stop'
}
