import { asObject, asString, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { addTurn, emptyTurn, type SeenRequest, type SeenTurn } from './scripted-answer.ts'
import type { ScriptedRequest } from './scripted-dialect.ts'
import type { Issued } from './scripted-issued.ts'
import {
  choiceOf,
  type MediaType,
  maybeArray,
  maybeObject,
  needArray,
  needFunctionName,
  needObject,
  needBytes,
  needSchema,
  needString,
  oneOf,
  onlyMembers,
  refuse,
} from './scripted-refusal.ts'

const members =
  'model messages max_tokens system stream tools tool_choice stop_sequences temperature top_p top_k metadata thinking ' +
  'output_config service_tier cache_control'

/** Anthropic Messages as Anthropic checks it, in both versions of the API. */
export function readAnthropic(request: ScriptedRequest, issued: Issued): SeenRequest {
  const { body } = request
  checkHeaders(request)
  onlyMembers(body, members, 'the request')
  needString(body['model'], 'model')
  const maxTokens = body['max_tokens']
  if (typeof maxTokens !== 'number' || maxTokens < 1) refuse('max_tokens: Field required')
  const thinking = readThinking(body, maxTokens as number)
  const reader = new MessageReader(issued)
  for (const [index, message] of needArray(body['messages'], 'messages').entries())
    reader.read(needObject(message, `messages[${index}]`), `messages[${index}]`)
  reader.end(thinking)
  return {
    stream: body['stream'] === true,
    system: textOf(body['system'], 'system'),
    turns: reader.turns,
    tools: maybeArray(body['tools'], 'tools').flatMap(readTool),
    choice: readChoice(body),
    schema: readFormat(body),
    stop: maybeArray(body['stop_sequences'], 'stop_sequences').map((word) => needString(word, 'stop_sequences')),
    maxTokens: maxTokens as number,
    thinks: thinking,
  }
}

function checkHeaders({ headers, body }: ScriptedRequest): void {
  const hasKey = headers['x-api-key'] !== undefined || /^Bearer ./.test(headers.authorization ?? '')
  if (!hasKey) refuse('there is neither x-api-key nor a bearer token')
  const version = oneOf(
    headers['anthropic-version'] as string | undefined,
    ['2023-06-01', '2026-10-21'],
    'anthropic-version',
  )
  const sampling = ['temperature', 'top_p', 'top_k'].find((member) => body[member] !== undefined)
  if (version === '2026-10-21' && sampling !== undefined) refuse(`${sampling}: Extra inputs are not permitted`)
}

/** true: the model thinks. Then sampling is fixed and no tool can be forced. */
function readThinking(body: JsonObject, maxTokens: number): boolean {
  const thinking = maybeObject(body['thinking'], 'thinking')
  if (thinking === undefined || thinking['type'] === 'disabled') return false
  const type = oneOf(thinking['type'], ['enabled', 'adaptive'], 'thinking.type')
  const budget = thinking['budget_tokens']
  if (type === 'enabled' && (typeof budget !== 'number' || budget < 1024 || budget >= maxTokens))
    refuse(`thinking.budget_tokens must be 1024 to max_tokens (${maxTokens}), not ${JSON.stringify(budget)}`)
  if (body['temperature'] !== undefined && body['temperature'] !== 1) refuse('temperature may only be 1 with thinking')
  const choice = asObject(body['tool_choice'])?.['type']
  if (choice === 'any' || choice === 'tool') refuse('thinking may not be enabled when tool_choice forces a tool')
  return true
}

function readTool(value: Json, index: number): SeenRequest['tools'] {
  const at = `tools[${index}]`
  const tool = needObject(value, at)
  // Those that Anthropic runs have no schema; it does not run them here.
  if (/_\d{8}$/.test(asString(tool['type']) ?? '')) return []
  onlyMembers(tool, 'type name description input_schema strict cache_control eager_input_streaming', at)
  const parameters = needSchema(tool['input_schema'], `${at}.input_schema`)
  return [{ name: needFunctionName(tool['name'], `${at}.name`), parameters }]
}

function readChoice(body: JsonObject): string {
  const choice = maybeObject(body['tool_choice'], 'tool_choice')
  if (choice === undefined) return 'auto'
  if (choice['type'] === 'tool') return needFunctionName(choice['name'], 'tool_choice.name')
  return choiceOf(choice['type'], { auto: 'auto', any: 'required', none: 'none' }, 'tool_choice.type')
}

function readFormat(body: JsonObject): JsonObject | undefined {
  const format = maybeObject(maybeObject(body['output_config'], 'output_config')?.['format'], 'output_config.format')
  if (format === undefined) return undefined
  oneOf(format['type'], ['json_schema'], 'output_config.format.type')
  const schema = needSchema(format['schema'], 'output_config.format.schema')
  if (schema['additionalProperties'] !== false)
    refuse('output_config.format.schema: additionalProperties must be false')
  return schema
}

function textOf(value: Json | undefined, at: string): string {
  if (value === undefined || typeof value === 'string') return value ?? ''
  return needArray(value, at)
    .map((block, index) => needString(needObject(block, at)['text'], `${at}[${index}].text`))
    .join('')
}

/** Reads messages in order: the results of a turn's calls stand first in the next one. */
class MessageReader {
  readonly turns: SeenTurn[] = []
  readonly #issued: Issued
  readonly #names = new Map<string, string>()
  #open = new Set<string>()
  #lastAssistant: JsonObject[] = []
  #isToolLoop = false

  constructor(issued: Issued) {
    this.#issued = issued
  }

  read(message: JsonObject, at: string): void {
    onlyMembers(message, 'role content', at)
    const role = oneOf(message['role'], ['user', 'assistant'], `${at}.role`)
    if (this.turns.length === 0 && role !== 'user') refuse('the first message must be the user’s')
    const content = message['content']
    const blocks =
      typeof content === 'string'
        ? [{ type: 'text', text: content }]
        : needArray(content, `${at}.content`).map((block, index) => needObject(block, `${at}.content[${index}]`))
    if (blocks.length === 0) refuse(`${at}.content is empty`)
    if (role === 'user') this.#readUser(blocks, at)
    else this.#readAssistant(blocks, at)
  }

  /** A turn of the tool loop must begin with thinking where the model thinks. */
  end(thinks: boolean): void {
    if (this.#open.size > 0) refuse(`tool_use ids ${[...this.#open].join(', ')} were found without tool_result blocks`)
    const first = this.#lastAssistant[0]?.['type']
    if (thinks && this.#isToolLoop && first !== 'thinking' && first !== 'redacted_thinking')
      refuse(`expected \`thinking\` or \`redacted_thinking\`, but found \`${asString(first)}\``)
  }

  #readUser(blocks: JsonObject[], at: string): void {
    const [results, rest] = [emptyTurn('tool'), emptyTurn('user')]
    let hasOther = false
    for (const [index, block] of blocks.entries()) {
      const where = `${at}.content[${index}]`
      const type = oneOf(block['type'], ['text', 'image', 'document', 'tool_result'], `${where}.type`)
      if (type === 'tool_result') {
        if (hasOther) refuse(`${where}: tool_result blocks must come first`)
        this.#readResult(block, where, results)
        continue
      }
      hasOther = true
      if (type === 'image') rest.images.push(readMedia(block, 'image/png', where))
      else if (type === 'document') rest.files.push(readMedia(block, 'application/pdf', where))
      else rest.text += needString(block['text'], `${where}.text`)
    }
    if (this.#open.size > 0) refuse(`tool_use ids ${[...this.#open].join(', ')} have no tool_result in ${at}`)
    this.#isToolLoop = results.results.length > 0
    if (this.#isToolLoop) addTurn(this.turns, results)
    if (hasOther) addTurn(this.turns, rest)
  }

  #readResult(block: JsonObject, at: string, turn: SeenTurn): void {
    onlyMembers(block, 'type tool_use_id content is_error cache_control', at)
    const id = needString(block['tool_use_id'], `${at}.tool_use_id`)
    if (!this.#open.delete(id)) refuse(`${at}: unexpected tool_use_id ${id}`)
    turn.results.push({ call: this.#names.get(id) ?? '', text: textOf(block['content'], `${at}.content`) })
  }

  #readAssistant(blocks: JsonObject[], at: string): void {
    const turn = emptyTurn('assistant')
    this.#lastAssistant = blocks
    for (const [index, block] of blocks.entries()) {
      const where = `${at}.content[${index}]`
      const type = oneOf(block['type'], ['text', 'thinking', 'tool_use'], `${where}.type`)
      if (type === 'text') turn.text += needString(block['text'], `${where}.text`)
      else if (type === 'thinking') turn.signatures.push(this.#readThinking(block, where))
      else this.#readCall(block, where, turn)
    }
    addTurn(this.turns, turn)
  }

  #readThinking(block: JsonObject, at: string): string {
    onlyMembers(block, 'type thinking signature', at)
    return this.#issued.check(needString(block['signature'], `${at}.signature`), asString(block['thinking']), at)
  }

  #readCall(block: JsonObject, at: string, turn: SeenTurn): void {
    onlyMembers(block, 'type id name input caller cache_control', at)
    const id = needString(block['id'], `${at}.id`)
    if (!/^[a-zA-Z0-9_-]+$/.test(id)) refuse(`${at}.id: String should match pattern '^[a-zA-Z0-9_-]+$'`)
    const name = needFunctionName(block['name'], `${at}.name`)
    turn.calls.push({ name, arguments: needObject(block['input'], `${at}.input`) })
    this.#names.set(id, name)
    this.#open.add(id)
  }
}

function readMedia(block: JsonObject, type: MediaType, at: string): string {
  const source = needObject(block['source'], `${at}.source`)
  oneOf(source['type'], ['base64'], `${at}.source.type`)
  oneOf(source['media_type'], [type], `${at}.source.media_type`)
  return needBytes(source['data'], type, `${at}.source.data`)
}
