import { given } from '../../../gateway/chat/given.ts'
import type { AssistantPart, ChatRequest, Message, Origin, Tool, UserPart } from '../../../gateway/chat/request.ts'

/**
 * Everything that a request loses on its way into a provider's dialect, each with its reason. The round-trip test holds
 * the gateway to this table: nothing else may be lost, and what is lost must be told as `told` says.
 */
export interface DeclaredLoss {
  what: string
  reason: string
  /**
   * How the client is told: by a warning whose feature matches; by a refusal of the whole call. `same`: nothing is lost,
   * it is only said in other words. `design`: left out in silence on purpose, as nobody else could read it.
   */
  told: RegExp | 'refused' | 'same' | 'design'
  /** What is left of it. A refused request has nothing left. */
  rest?: (request: ChatRequest, own: Origin) => ChatRequest
  /** Where `rest` alone does not tell whether the request has any of it. */
  applies?: (request: ChatRequest, own: Origin) => boolean
}

type Knob = keyof ChatRequest

export function knob(
  name: Knob,
  told: RegExp | 'same',
  reason: string,
  isLost: (value: unknown) => boolean = () => true,
): DeclaredLoss {
  return {
    what: name,
    told,
    reason,
    applies: (request) => request[name] !== undefined && isLost(request[name]),
    rest: (request) => without(request, name),
  }
}

export function parts(change: (part: UserPart | AssistantPart, message: Message) => (UserPart | AssistantPart)[]) {
  return (request: ChatRequest): ChatRequest => ({
    ...request,
    messages: request.messages.map(
      (message) => ({ ...message, parts: message.parts.flatMap((part) => change(part, message)) }) as Message,
    ),
  })
}

export function tools(change: (tool: Tool) => Tool) {
  return (request: ChatRequest): ChatRequest => ({ ...request, ...given({ tools: request.tools?.map(change) }) })
}

export function allParts({ messages }: ChatRequest): (UserPart | AssistantPart)[] {
  return messages.flatMap((message): (UserPart | AssistantPart)[] => message.parts)
}

export function without<T extends object>(thing: T, name: string): T {
  return Object.fromEntries(Object.entries(thing).filter(([key]) => key !== name)) as T
}

export function knobWhere(
  name: Knob,
  told: RegExp | 'same',
  reason: string,
  isLost: (request: ChatRequest) => boolean,
): DeclaredLoss {
  return {
    ...knob(name, told, reason),
    what: `${name}: ${reason}`,
    applies: (request) => request[name] !== undefined && isLost(request),
  }
}

/** `topK` -> `top_k`. */
export function featureOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}$`)
}

export const answerTokens = 4096
