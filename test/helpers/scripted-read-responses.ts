import { isObject, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { addTurn, emptyTurn, type SeenRequest, type SeenTurn } from './scripted-answer.ts'
import type { ScriptedRequest } from './scripted-dialect.ts'
import type { Issued } from './scripted-issued.ts'
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
  'model input instructions stream stream_options tools tool_choice parallel_tool_calls text max_output_tokens ' +
  'temperature top_p top_logprobs reasoning include store metadata service_tier user safety_identifier ' +
  'prompt_cache_key prompt_cache_retention previous_response_id truncation background max_tool_calls'

/** OpenAI Responses as OpenAI checks it, without state: `store: false` with encrypted reasoning. */
export function readResponses({ body, headers }: ScriptedRequest, issued: Issued): SeenRequest {
  if (!/^Bearer ./.test(headers.authorization ?? '')) refuse('there is no bearer token')
  onlyMembers(body, members, 'the request')
  needString(body['model'], 'model')
  const reasoning = maybeObject(body['reasoning'], 'reasoning')
  if (reasoning !== undefined) onlyMembers(reasoning, 'effort summary context', 'reasoning')
  const input = body['input']
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : needArray(input, 'input')
  const reader = new ItemReader(issued)
  for (const [index, item] of items.entries()) reader.read(needObject(item, `input[${index}]`), `input[${index}]`)
  reader.end()
  return {
    stream: body['stream'] === true,
    system: (typeof body['instructions'] === 'string' ? body['instructions'] : '') + reader.system,
    turns: reader.turns,
    tools: maybeArray(body['tools'], 'tools').map(readTool),
    choice: readChoice(body['tool_choice']),
    schema: readFormat(body),
    // There is no such member.
    stop: [],
    maxTokens: (body['max_output_tokens'] ?? undefined) as number | undefined,
    thinks: reasoning !== undefined && reasoning['effort'] !== 'none',
  }
}

function readTool(value: Json, index: number): SeenRequest['tools'][number] {
  const at = `tools[${index}]`
  const tool = needObject(value, at)
  oneOf(tool['type'], ['function'], `${at}.type`)
  onlyMembers(tool, 'type name description parameters strict', at)
  return {
    name: needFunctionName(tool['name'], `${at}.name`),
    parameters: needSchema(tool['parameters'], `${at}.parameters`),
  }
}

function readChoice(value: Json | undefined): string {
  if (!isObject(value)) return choiceOf(value, { auto: 'auto', none: 'none', required: 'required' }, 'tool_choice')
  oneOf(value['type'], ['function'], 'tool_choice.type')
  return needFunctionName(value['name'], 'tool_choice.name')
}

function readFormat(body: JsonObject): JsonObject | undefined {
  const format = maybeObject(maybeObject(body['text'], 'text')?.['format'], 'text.format')
  if (format?.['type'] !== 'json_schema') return undefined
  onlyMembers(format, 'type name description schema strict', 'text.format')
  needFunctionName(format['name'], 'text.format.name')
  return needSchema(format['schema'], 'text.format.schema')
}

const idPrefixes: Record<string, string> = { message: 'msg', function_call: 'fc', reasoning: 'rs' }

/** Reads items in order: calls wait for their outputs, a reasoning item for the item it led to. */
class ItemReader {
  readonly turns: SeenTurn[] = []
  system = ''
  readonly #issued: Issued
  readonly #names = new Map<string, string>()
  readonly #open = new Set<string>()
  #reasoned: string | undefined

  constructor(issued: Issued) {
    this.#issued = issued
  }

  read(item: JsonObject, at: string): void {
    const types = ['message', 'function_call', 'function_call_output', 'reasoning'] as const
    const type = oneOf(item['type'] ?? 'message', types, `${at}.type`)
    this.#checkId(item, type, at)
    if (type === 'reasoning') return this.#readReasoning(item, at)
    if (type === 'function_call') this.#readCall(item, at)
    else if (type === 'function_call_output') this.#readOutput(item, at)
    else this.#readMessage(item, at)
    this.#reasoned = undefined
  }

  end(): void {
    if (this.#reasoned !== undefined) refuse(`${this.#reasoned} of type "reasoning" is without its following item`)
    if (this.#open.size > 0) refuse(`no tool output found for function call ${[...this.#open].join(', ')}`)
  }

  #checkId(item: JsonObject, type: string, at: string): void {
    const id = item['id']
    const prefix = idPrefixes[type]
    if (id === undefined || id === null || prefix === undefined) return
    const text = needString(id, `${at}.id`)
    if (!text.startsWith(prefix)) refuse(`${at}.id "${text}" must begin with "${prefix}"`)
    if (type !== 'reasoning' && this.#issued.isBound(text) && this.#reasoned === undefined)
      refuse(`${at} "${text}" of type "${type}" was provided without its required reasoning item`)
  }

  #readReasoning(item: JsonObject, at: string): void {
    onlyMembers(item, 'type id summary content encrypted_content status', at)
    needArray(item['summary'], `${at}.summary`)
    const encrypted = needString(item['encrypted_content'], `${at}.encrypted_content`)
    const turn = emptyTurn('assistant')
    turn.signatures.push(this.#issued.check(encrypted, undefined, `${at}.encrypted_content`))
    addTurn(this.turns, turn)
    this.#reasoned = at
  }

  #readCall(item: JsonObject, at: string): void {
    onlyMembers(item, 'type id call_id name arguments status', at)
    const turn = emptyTurn('assistant')
    const id = needString(item['call_id'], `${at}.call_id`)
    if (id.length > 64) refuse(`${at}.call_id is longer than 64 characters`)
    const name = needFunctionName(item['name'], `${at}.name`)
    turn.calls.push({ name, arguments: needJson(item['arguments'], `${at}.arguments`) })
    this.#names.set(id, name)
    this.#open.add(id)
    addTurn(this.turns, turn)
  }

  #readOutput(item: JsonObject, at: string): void {
    onlyMembers(item, 'type id call_id output status', at)
    const id = needString(item['call_id'], `${at}.call_id`)
    if (!this.#open.delete(id)) refuse(`no tool call found for function call output with call_id ${id}`)
    const turn = emptyTurn('tool')
    turn.results.push({ call: this.#names.get(id) ?? '', text: readContent(item['output'], at, turn, inputTypes) })
    addTurn(this.turns, turn)
  }

  #readMessage(item: JsonObject, at: string): void {
    onlyMembers(item, 'type id role content status phase', at)
    const role = oneOf(item['role'], ['system', 'developer', 'user', 'assistant'], `${at}.role`)
    if (role === 'user' && this.#open.size > 0) this.end()
    const turn = emptyTurn(role === 'assistant' ? 'assistant' : 'user')
    turn.text = readContent(item['content'], at, turn, role === 'assistant' ? outputTypes : inputTypes)
    if (role === 'system' || role === 'developer') this.system += turn.text
    else addTurn(this.turns, turn)
  }
}

const inputTypes = ['input_text', 'input_image', 'input_file'] as const
const outputTypes = ['output_text', 'refusal'] as const

function readContent(
  content: Json | undefined,
  at: string,
  turn: SeenTurn,
  types: typeof inputTypes | typeof outputTypes,
): string {
  if (typeof content === 'string') return content
  let text = ''
  for (const [index, value] of needArray(content, `${at}.content`).entries()) {
    const where = `${at}.content[${index}]`
    const part = needObject(value, where)
    const type = oneOf<string>(part['type'], types, `${where}.type`)
    if (type === 'input_image') turn.images.push(needDataUrl(part['image_url'], 'image/png', `${where}.image_url`))
    else if (type === 'input_file') turn.files.push(readFile(part, where))
    else text += needString(part[type === 'refusal' ? 'refusal' : 'text'], `${where}.text`)
  }
  return text
}

function readFile(part: JsonObject, at: string): string {
  onlyMembers(part, 'type file_data filename', at)
  needString(part['filename'], `${at}.filename`)
  return needDataUrl(part['file_data'], 'application/pdf', `${at}.file_data`)
}
