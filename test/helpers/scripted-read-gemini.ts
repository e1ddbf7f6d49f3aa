import { asString, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { addTurn, emptyTurn, type SeenRequest, type SeenTurn } from './scripted-answer.ts'
import type { ScriptedRequest } from './scripted-dialect.ts'
import type { Issued } from './scripted-issued.ts'
import {
  choiceOf,
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

const members = 'contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent labels'
const configMembers =
  'temperature topP topK candidateCount maxOutputTokens stopSequences responseMimeType responseSchema ' +
  'responseJsonSchema seed presencePenalty frequencyPenalty responseLogprobs logprobs thinkingConfig mediaResolution ' +
  'responseModalities'

/** Gemini generateContent as Google checks it for Gemini 3: function calls must come back signed. */
export function readGemini({ path, headers, body }: ScriptedRequest, issued: Issued): SeenRequest {
  if (headers['x-goog-api-key'] === undefined) refuse('there is no x-goog-api-key')
  onlyMembers(body, members, 'the request')
  const config = maybeObject(body['generationConfig'], 'generationConfig') ?? {}
  onlyMembers(config, configMembers, 'generationConfig')
  const instruction = maybeObject(body['systemInstruction'], 'systemInstruction')
  const contents = needArray(body['contents'], 'contents').map((content, index) =>
    needObject(content, `contents[${index}]`),
  )
  if (contents.length === 0) refuse('contents is not specified')
  const reader = new ContentReader(issued)
  for (const [index, content] of contents.entries()) reader.read(content, `contents[${index}]`)
  reader.end()
  return {
    stream: path.includes(':streamGenerateContent'),
    system: instruction === undefined ? '' : textOf(instruction),
    turns: reader.turns,
    tools: maybeArray(body['tools'], 'tools').flatMap(readTools),
    choice: readChoice(body),
    schema: readFormat(config),
    stop: maybeArray(config['stopSequences'], 'stopSequences').map((word) => needString(word, 'stopSequences')),
    maxTokens: config['maxOutputTokens'] as number | undefined,
    thinks: readThinking(config),
  }
}

function readThinking(config: JsonObject): boolean {
  const thinking = maybeObject(config['thinkingConfig'], 'thinkingConfig')
  if (thinking === undefined) return false
  onlyMembers(thinking, 'includeThoughts thinkingBudget thinkingLevel', 'thinkingConfig')
  if (thinking['thinkingBudget'] !== undefined && thinking['thinkingLevel'] !== undefined)
    refuse('thinkingConfig has both thinkingBudget and thinkingLevel')
  return thinking['thinkingBudget'] !== 0
}

function readTools(value: Json, index: number): SeenRequest['tools'] {
  const at = `tools[${index}].functionDeclarations`
  const tool = needObject(value, `tools[${index}]`)
  // Those that Google runs have nothing to be read; it does not run them here.
  if (['googleSearch', 'urlContext', 'codeExecution'].some((name) => tool[name] !== undefined)) return []
  return needArray(tool['functionDeclarations'], at).map((item, place) => {
    const declaration = needObject(item, `${at}[${place}]`)
    onlyMembers(declaration, 'name description parameters parametersJsonSchema response behavior', `${at}[${place}]`)
    const { parameters, parametersJsonSchema } = declaration
    if (parameters !== undefined && parametersJsonSchema !== undefined) refuse(`${at}[${place}] has two schemas`)
    return {
      name: needFunctionName(declaration['name'], `${at}[${place}].name`),
      parameters:
        parameters === undefined
          ? needSchema(parametersJsonSchema, `${at}[${place}].parametersJsonSchema`)
          : needSubset(parameters, `${at}[${place}].parameters`),
    }
  })
}

function readChoice(body: JsonObject): string {
  const config = maybeObject(maybeObject(body['toolConfig'], 'toolConfig')?.['functionCallingConfig'], 'toolConfig')
  if (config === undefined) return 'auto'
  onlyMembers(config, 'mode allowedFunctionNames', 'toolConfig.functionCallingConfig')
  const words = { AUTO: 'auto', ANY: 'required', NONE: 'none', VALIDATED: 'auto' }
  const mode = choiceOf(config['mode'], words, 'toolConfig.functionCallingConfig.mode')
  const [only, ...others] = maybeArray(config['allowedFunctionNames'], 'allowedFunctionNames')
  return only === undefined || others.length > 0 ? mode : needFunctionName(only, 'allowedFunctionNames')
}

function readFormat(config: JsonObject): JsonObject | undefined {
  const { responseSchema, responseJsonSchema } = config
  if (responseSchema === undefined && responseJsonSchema === undefined) return undefined
  oneOf(config['responseMimeType'], ['application/json'], 'responseMimeType')
  return responseSchema === undefined
    ? needSchema(responseJsonSchema, 'responseJsonSchema')
    : needSubset(responseSchema, 'responseSchema')
}

/** Google's own Schema knows only some words of JSON Schema. */
function needSubset(value: Json | undefined, at: string): JsonObject {
  const text = JSON.stringify(needSchema(value, at))
  const strange = ['"$schema"', '"additionalProperties"', '"const"'].find((word) => text.includes(`${word}:`))
  return strange === undefined ? needSchema(value, at) : refuse(`Unknown name ${strange} at '${at}'`)
}

function textOf(content: JsonObject): string {
  return needArray(content['parts'], 'parts')
    .map((part) => asString(needObject(part, 'parts')['text']) ?? '')
    .join('')
}

const kinds = ['text', 'inlineData', 'functionCall', 'functionResponse'] as const

/** Google documents it for history that comes from elsewhere. */
const unsigned = 'skip_thought_signature_validator'

/** Reads turns in order: the responses to a turn's calls stand in the next turn, as many as there were calls. */
class ContentReader {
  readonly turns: SeenTurn[] = []
  readonly #issued: Issued
  #calls: JsonObject[] = []

  constructor(issued: Issued) {
    this.#issued = issued
  }

  read(content: JsonObject, at: string): void {
    onlyMembers(content, 'role parts', at)
    const role = oneOf(content['role'] ?? 'user', ['user', 'model'], `${at}.role`)
    const parts = needArray(content['parts'], `${at}.parts`).map((part) => needObject(part, `${at}.parts`))
    if (parts.length === 0) refuse(`${at}.parts is empty`)
    if (role === 'model') return this.#readModel(parts, at)
    const responses = parts.filter((part) => part['functionResponse'] !== undefined)
    if (responses.length !== this.#calls.length)
      refuse(`${at} has ${responses.length} function response parts for ${this.#calls.length} function call parts`)
    this.#readUser(parts, at)
    this.#calls = []
  }

  end(): void {
    if (this.#calls.length > 0) refuse('the last turn has function calls without responses')
  }

  #readUser(parts: JsonObject[], at: string): void {
    const [results, rest] = [emptyTurn('tool'), emptyTurn('user')]
    for (const [index, part] of parts.entries()) {
      const where = `${at}.parts[${index}]`
      const kind = kindOf(part, where)
      if (kind === 'text') rest.text += needString(part['text'], `${where}.text`)
      else if (kind === 'inlineData') readBlob(part, where, rest)
      else if (kind === 'functionResponse') results.results.push(this.#readResponse(part, where))
      else refuse(`${where}: users call no functions`)
    }
    if (results.results.length > 0) addTurn(this.turns, results)
    if (rest.text !== '' || rest.images.length > 0 || rest.files.length > 0) addTurn(this.turns, rest)
  }

  /** Paired by id where both have one, else by name. */
  #readResponse(part: JsonObject, at: string): SeenTurn['results'][number] {
    const response = needObject(part['functionResponse'], `${at}.functionResponse`)
    onlyMembers(response, 'id name response parts', `${at}.functionResponse`)
    const name = needFunctionName(response['name'], `${at}.functionResponse.name`)
    const call = this.#calls.find((candidate) => candidate['name'] === name)
    if (call === undefined) return refuse(`${at} answers "${name}", which was not called`)
    const isOther = call['id'] !== undefined && response['id'] !== undefined && !this.#calls.some(sameId(response))
    if (isOther) refuse(`${at}.functionResponse.id "${asString(response['id'])}" is of no call`)
    const answer = needObject(response['response'], `${at}.functionResponse.response`)
    const values = Object.values(answer)
    return {
      call: name,
      text: typeof values[0] === 'string' && values.length === 1 ? values[0] : JSON.stringify(answer),
    }
  }

  #readModel(parts: JsonObject[], at: string): void {
    const turn = emptyTurn('assistant')
    for (const [index, part] of parts.entries()) {
      const where = `${at}.parts[${index}]`
      const kind = kindOf(part, where)
      const signature = part['thoughtSignature']
      if (signature !== undefined && signature !== unsigned)
        turn.signatures.push(this.#issued.check(needString(signature, where), contentOf(part), where))
      if (kind === 'text') turn.text += readText(part, where)
      else if (kind === 'functionCall') this.#readCall(part, where, turn)
      else refuse(`${where}: a model sends no ${kind}`)
    }
    addTurn(this.turns, turn)
  }

  #readCall(part: JsonObject, at: string, turn: SeenTurn): void {
    const call = needObject(part['functionCall'], `${at}.functionCall`)
    onlyMembers(call, 'id name args', `${at}.functionCall`)
    const name = needFunctionName(call['name'], `${at}.functionCall.name`)
    if (this.#calls.length === 0 && part['thoughtSignature'] === undefined)
      refuse(`Function call is missing a thought_signature in functionCall parts: ${at} (${name})`)
    turn.calls.push({ name, arguments: call['args'] === undefined ? {} : needObject(call['args'], `${at}.args`) })
    this.#calls.push(call)
  }
}

/** Thoughts are no words; a part that only carries a signature has none. */
function readText(part: JsonObject, at: string): string {
  if (part['thought'] === true) return ''
  return part['thoughtSignature'] === undefined
    ? needString(part['text'], `${at}.text`)
    : (asString(part['text']) ?? '')
}

function sameId(response: JsonObject): (call: JsonObject) => boolean {
  return (call) => call['id'] === response['id']
}

/** What a thought signature of this upstream signs; undefined: it signs no such thing. */
export function contentOf(part: JsonObject): string | undefined {
  if (part['functionCall'] === undefined) return undefined
  const call = needObject(part['functionCall'], 'functionCall')
  return `${asString(call['name'])}${JSON.stringify(call['args'] ?? {})}`
}

function kindOf(part: JsonObject, at: string): (typeof kinds)[number] {
  onlyMembers(part, `${kinds.join(' ')} thought thoughtSignature`, at)
  const found = kinds.filter((kind) => part[kind] !== undefined)
  const [kind] = found
  return kind === undefined || found.length > 1 ? refuse(`${at} must have exactly one kind of data`) : kind
}

function readBlob(part: JsonObject, at: string, turn: SeenTurn): void {
  const blob = needObject(part['inlineData'], `${at}.inlineData`)
  const type = oneOf(blob['mimeType'], ['image/png', 'application/pdf'], `${at}.inlineData.mimeType`)
  const data = needBytes(blob['data'], type, `${at}.inlineData.data`)
  if (type === 'image/png') turn.images.push(data)
  else turn.files.push(data)
}
