import { isObject, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { addTurn, emptyTurn, type SeenRequest, type SeenTurn } from './scripted-answer.ts'
import type { ScriptedRequest } from './scripted-dialect.ts'
import {
  choiceOf,
  maybeArray,
  maybeObject,
  needArray,
  needFunctionName,
  needJson,
  needObject,
  needDataUrl,
  needSchema,
  needString,
  oneOf,
  onlyMembers,
  refuse,
} from './scripted-refusal.ts'

const members =
  'model messages stream stream_options tools tool_choice parallel_tool_calls response_format max_tokens ' +
  'max_completion_tokens temperature top_p n stop seed presence_penalty frequency_penalty logprobs top_logprobs ' +
  'reasoning_effort verbosity service_tier user safety_identifier prompt_cache_key store metadata logit_bias'

/** OpenAI Chat Completions as OpenAI checks it; answers of the assistant may hold more, as compatible servers allow. */
export function readChat({ body, headers }: ScriptedRequest): SeenRequest {
  if (!/^Bearer ./.test(headers.authorization ?? '')) refuse('there is no bearer token')
  onlyMembers(body, members, 'the request')
  needString(body['model'], 'model')
  if (body['stream_options'] !== undefined && body['stream'] !== true) refuse('stream_options without stream')
  const messages = needArray(body['messages'], 'messages').map((message, index) =>
    needObject(message, `messages[${index}]`),
  )
  if (messages.length === 0) refuse('messages is empty')
  const { system, turns } = readMessages(messages)
  const stop = body['stop'] ?? []
  return {
    stream: body['stream'] === true,
    system,
    turns,
    tools: maybeArray(body['tools'], 'tools').map(readTool),
    choice: readChoice(body['tool_choice']),
    schema: readFormat(body),
    stop: (Array.isArray(stop) ? stop : [stop]).map((word) => needString(word, 'stop')),
    maxTokens: (body['max_completion_tokens'] ?? body['max_tokens'] ?? undefined) as number | undefined,
    thinks: typeof body['reasoning_effort'] === 'string' && body['reasoning_effort'] !== 'none',
  }
}

function readTool(value: Json, index: number): SeenRequest['tools'][number] {
  const at = `tools[${index}]`
  const tool = needObject(value, at)
  oneOf(tool['type'], ['function'], `${at}.type`)
  const inner = needObject(tool['function'], `${at}.function`)
  onlyMembers(inner, 'name description parameters strict', `${at}.function`)
  const parameters = inner['parameters'] === undefined ? undefined : needSchema(inner['parameters'], `${at}.parameters`)
  return { name: needFunctionName(inner['name'], `${at}.function.name`), parameters }
}

function readChoice(value: Json | undefined): string {
  if (!isObject(value)) return choiceOf(value, { auto: 'auto', none: 'none', required: 'required' }, 'tool_choice')
  oneOf(value['type'], ['function'], 'tool_choice.type')
  return needFunctionName(needObject(value['function'], 'tool_choice.function')['name'], 'tool_choice.function.name')
}

function readFormat(body: JsonObject): JsonObject | undefined {
  const format = maybeObject(body['response_format'], 'response_format')
  if (format?.['type'] !== 'json_schema') return undefined
  const inner = needObject(format['json_schema'], 'response_format.json_schema')
  onlyMembers(inner, 'name description schema strict', 'response_format.json_schema')
  needFunctionName(inner['name'], 'response_format.json_schema.name')
  return needSchema(inner['schema'], 'response_format.json_schema.schema')
}

function readMessages(messages: JsonObject[]): { system: string; turns: SeenTurn[] } {
  const turns: SeenTurn[] = []
  const names = new Map<string, string>()
  let open = new Set<string>()
  let system = ''
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`
    const role = oneOf(message['role'], ['system', 'developer', 'user', 'assistant', 'tool'], `${at}.role`)
    if (role !== 'tool' && open.size > 0) refuse(`${at}: tool calls ${[...open].join(', ')} have no result before it`)
    const turn = emptyTurn(role === 'assistant' || role === 'tool' ? role : 'user')
    if (role === 'tool') {
      const id = needString(message['tool_call_id'], `${at}.tool_call_id`)
      if (!open.delete(id)) refuse(`${at}.tool_call_id "${id}" answers no call`)
      turn.results.push({ call: names.get(id) ?? '', text: readContent(message['content'], at, turn) })
      turn.text = ''
    } else if (role === 'assistant') {
      open = readCalls(message, at, turn, names)
      const mayBeEmpty = turn.calls.length > 0
      const content = message['content']
      if (!mayBeEmpty && (content === null || content === undefined)) refuse(`${at}.content is missing`)
      if (content !== null && content !== undefined) turn.text = readContent(content, at, turn)
    } else turn.text = readContent(message['content'], at, turn)
    if (role === 'system' || role === 'developer') system += turn.text
    else addTurn(turns, turn)
  }
  if (open.size > 0) refuse(`tool calls ${[...open].join(', ')} have no result`)
  return { system, turns }
}

function readCalls(message: JsonObject, at: string, turn: SeenTurn, names: Map<string, string>): Set<string> {
  const open = new Set<string>()
  for (const [index, value] of maybeArray(message['tool_calls'], `${at}.tool_calls`).entries()) {
    const where = `${at}.tool_calls[${index}]`
    const call = needObject(value, where)
    oneOf(call['type'], ['function'], `${where}.type`)
    const id = needString(call['id'], `${where}.id`)
    if (id.length > 40) refuse(`${where}.id is longer than 40 characters`)
    const inner = needObject(call['function'], `${where}.function`)
    const name = needFunctionName(inner['name'], `${where}.function.name`)
    turn.calls.push({ name, arguments: needJson(inner['arguments'], `${where}.function.arguments`) })
    names.set(id, name)
    open.add(id)
  }
  return open
}

function readContent(content: Json | undefined, at: string, turn: SeenTurn): string {
  if (typeof content === 'string') return content
  let text = ''
  for (const [index, value] of needArray(content, `${at}.content`).entries()) {
    const where = `${at}.content[${index}]`
    const part = needObject(value, where)
    const type = oneOf(part['type'], ['text', 'image_url', 'file'], `${where}.type`)
    if (type === 'text') text += needString(part['text'], `${where}.text`)
    else if (turn.role !== 'user') refuse(`${where}: only users send images and files`)
    else if (type === 'file') turn.files.push(readFile(needObject(part['file'], where), where))
    else
      turn.images.push(needDataUrl(needObject(part['image_url'], where)['url'], 'image/png', `${where}.image_url.url`))
  }
  return text
}

function readFile(file: JsonObject, at: string): string {
  onlyMembers(file, 'file_data filename', `${at}.file`)
  needString(file['filename'], `${at}.file.filename`)
  return needDataUrl(file['file_data'], 'application/pdf', `${at}.file.file_data`)
}
