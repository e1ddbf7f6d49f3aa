import { given } from '../../gateway/chat/given.ts'
import { parseJson } from '../../gateway/chat/json.ts'
import type { AssistantPart, ChatRequest, Message, Tool, UserPart } from '../../gateway/chat/request.ts'
import { skipSignature } from '../../gateway/dialects/gemini/provider/history.ts'

/**
 * Requests that say the same, made the same: how a text is cut into parts, how neighbours are grouped, where the origin
 * of a signature is written, what a tool's empty parameters look like. Everything a model can see stays apart.
 */
export function normalRequest(request: ChatRequest): ChatRequest {
  const { tools, messages, ...others } = request
  return JSON.parse(
    JSON.stringify({
      ...others,
      messages: joinNeighbours(messages.map(normalMessage)),
      ...given({ tools: tools?.map(normalTool) }),
    }),
  ) as ChatRequest
}

function normalTool({ name, description, parameters, strict, cacheControl, custom }: Tool): Tool {
  if (custom !== undefined) return { name, custom: given({ format: custom.format }), ...given({ cacheControl }) }
  return {
    name,
    // Responses takes a tool for strict where nothing is said, so false is said there.
    ...given({ description: description === '' ? undefined : description, strict: strict === true ? true : undefined }),
    parameters: parameters ?? { type: 'object', properties: {} },
    ...given({ cacheControl }),
  }
}

function normalMessage(message: Message): Message {
  if (message.role === 'system')
    return { ...message, parts: [{ type: 'text', text: message.parts.map(({ text }) => text).join('\n\n') }] }
  // The name of a result's function is known by the call.
  if (message.role === 'tool') {
    const { name: _, ...rest } = message
    return { ...rest, parts: normalResult(message.parts) }
  }
  if (message.role === 'assistant') return { ...message, parts: normalAnswer(message.parts) }
  return { ...message, parts: message.parts.map(normalPart) }
}

function normalResult(parts: UserPart[]): UserPart[] {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '\n\n')).join('')
  const others = parts.filter((part) => part.type !== 'text').map(normalPart)
  const plain = text.replaceAll('\n\n', '')
  const json = parseJson(plain)
  return [{ type: 'text', text: json === undefined ? plain : JSON.stringify(json) }, ...others]
}

/** `auto` is what no detail means. */
function normalPart(part: UserPart): UserPart {
  if (part.type !== 'image' || part.detail !== 'auto') return part
  const { detail: _, ...rest } = part
  return rest
}

function normalAnswer(parts: AssistantPart[]): AssistantPart[] {
  const normal: AssistantPart[] = []
  for (const part of parts) {
    const last = normal.at(-1)
    if (part.type === 'text' && last?.type === 'text') last.text += part.text
    else normal.push(normalAnswerPart(part))
  }
  return normal
}

function normalAnswerPart(part: AssistantPart): AssistantPart {
  if (part.type === 'text' || part.type === 'refusal') return { ...part }
  const signed = given({ signature: part.signature === skipSignature ? undefined : part.signature })
  if (part.type === 'reasoning')
    return { type: 'reasoning', text: part.text, ...signed, ...given({ redacted: part.redacted }) }
  const { arguments: json } = part
  const parsed = json === '' ? {} : parseJson(json)
  return { type: 'tool-call', id: part.id, name: part.name, arguments: JSON.stringify(parsed ?? json), ...signed }
}

function joinNeighbours(messages: Message[]): Message[] {
  const joined: Message[] = []
  for (const message of messages) {
    const last = joined.at(-1)
    if (last?.role === 'user' && message.role === 'user' && last.name === message.name)
      last.parts.push(...message.parts)
    else if (last?.role === 'system' && message.role === 'system' && last.developer === message.developer)
      last.parts = [{ type: 'text', text: `${last.parts[0]?.text}\n\n${message.parts[0]?.text}` }]
    else if (message.parts.length > 0 || message.role === 'tool') joined.push({ ...message } as Message)
  }
  return joined
}
