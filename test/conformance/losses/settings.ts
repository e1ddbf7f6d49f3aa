import { given } from '../../../gateway/chat/given.ts'
import type { AssistantPart, ChatRequest, HostedTool, Message, UserPart } from '../../../gateway/chat/request.ts'
import { type DeclaredLoss, knob, tools, without } from './kinds.ts'

export const cacheMarks: DeclaredLoss = {
  what: 'prompt-caching marks',
  reason: 'Only Anthropic caches by marks.',
  told: /^cache_control$/,
  rest: (request) =>
    tools((tool) => without(tool, 'cacheControl'))({
      ...request,
      messages: request.messages.map(
        (message) =>
          ({
            ...without(message, 'cacheControl'),
            parts: message.parts.map((part: UserPart | AssistantPart) => without(part, 'cacheControl')),
          }) as Message,
      ),
    }),
}

export const uncarried: DeclaredLoss = {
  what: 'settings that only the client’s dialect has',
  reason: 'The canonical form has no place for them; they are kept by name to be told.',
  told: /^(logit_bias|max_tool_calls)$/,
  rest: (request) => without(request, 'uncarried'),
}

export const cacheKey = knob(
  'promptCacheKey',
  'same',
  'A hint that changes no answer and that only OpenAI knows (request.ts).',
)

export const customTools: DeclaredLoss = {
  what: 'custom tools',
  reason: 'A tool of free text is a function with its text as the one argument.',
  told: 'same',
  rest: tools((tool) => without(tool, 'custom')),
}

export const grammars: DeclaredLoss = {
  what: 'the grammar of a custom tool',
  reason: 'Only OpenAI holds a model to one.',
  told: /^tools\.patch\.format$/,
  rest: tools((tool) => (tool.custom === undefined ? tool : { ...tool, custom: {} })),
}

export function hostedTools(keep: (tool: HostedTool) => HostedTool | undefined): DeclaredLoss {
  return {
    what: 'tools that the provider runs',
    reason: 'This provider has no such tool, or no such setting of it.',
    told: /^(tools\.|max_uses)/,
    rest: (request) => {
      const kept = request.hostedTools?.flatMap((tool) => keep(tool) ?? [])
      return { ...without(request, 'hostedTools'), ...given({ hostedTools: kept?.length === 0 ? undefined : kept }) }
    },
  }
}

export function hostedNames(words: Partial<Record<NonNullable<HostedTool['kind']>, string>>): DeclaredLoss {
  return {
    what: 'names of tools that the provider runs',
    reason: 'Each provider has its own.',
    told: 'same',
    rest: (request) => ({
      ...request,
      ...given({
        hostedTools: request.hostedTools?.map((tool) => ({
          ...tool,
          name: (tool.kind === undefined ? undefined : words[tool.kind]) ?? tool.name,
        })),
      }),
    }),
  }
}

export const formatDescriptions: DeclaredLoss = {
  what: 'the place of a schema’s description',
  reason: 'Only OpenAI has one beside the schema: it stands in it.',
  told: 'same',
  rest: (request) => {
    const { output } = request
    if (output?.type !== 'json-schema' || output.description === undefined) return request
    const { description, schema, ...format } = output
    return { ...request, output: { ...format, schema: { description, ...schema } } }
  },
}

/** `isStrict`: whether our client side takes a schema that has only required members for strict. */
export function formatNames(name: string, isStrict: boolean): DeclaredLoss {
  return {
    what: 'the name of a schema',
    reason: 'It has none here, and is always held to.',
    told: 'same',
    rest: (request) => {
      const { output } = request
      if (output?.type !== 'json-schema') return request
      return { ...request, output: { ...without(output, 'strict'), name, ...(isStrict ? { strict: true } : {}) } }
    },
  }
}

/** A subset to choose from is made by showing only that. */
export const allowedTools: DeclaredLoss = {
  what: 'tools that may not be chosen',
  reason: 'The dialect has no list of allowed tools: the others are not shown.',
  told: 'same',
  rest: (request) => onlyAllowed(request, ['auto', 'required']),
}

export function onlyAllowed(request: ChatRequest, types: string[]): ChatRequest {
  const choice = request.toolChoice
  const isListed = choice?.type === 'auto' || choice?.type === 'required'
  if (!isListed || choice.tools === undefined || !types.includes(choice.type)) return request
  const { tools: names, type } = choice
  return {
    ...request,
    ...given({ tools: request.tools?.filter(({ name }) => names.includes(name)) }),
    toolChoice: { type },
  }
}

export function tiers(told: RegExp | 'same', words: Record<string, string | undefined>): DeclaredLoss {
  return {
    what: told === 'same' ? 'the name of a service tier' : 'a service tier',
    reason: told === 'same' ? 'The provider has another word for it.' : 'The provider has no such tier.',
    told,
    rest: (request) => {
      const { serviceTier: tier, ...others } = request
      if (tier === undefined || !Object.hasOwn(words, tier)) return request
      return { ...others, ...given({ serviceTier: words[tier] }) }
    },
  }
}

export const marksInResults: DeclaredLoss = {
  what: 'the mark of a result’s part',
  reason: 'It means the same on the result itself.',
  told: 'same',
  rest: (request) => ({
    ...request,
    messages: request.messages.map((message) => {
      if (message.role !== 'tool') return message
      const last = message.parts.findLast((part) => part.type !== 'audio' && part.cacheControl !== undefined)
      const inner = last !== undefined && 'cacheControl' in last ? last.cacheControl : undefined
      const marked = message.cacheControl ?? inner
      return {
        ...message,
        parts: message.parts.map((part) => without(part, 'cacheControl')),
        ...given({ cacheControl: marked }),
      }
    }),
  }),
}

/** In the order in which Anthropic counts them. */
export const surplusMarks: DeclaredLoss = {
  what: 'prompt-caching marks beyond the fourth',
  reason: 'Anthropic refuses a fifth.',
  told: /^cache_control$/,
  rest: (request) => {
    let count = 0
    const keep = <T extends object>(thing: T): T => {
      if (!('cacheControl' in thing) || thing.cacheControl === undefined) return thing
      count += 1
      return count > 4 ? without(thing, 'cacheControl') : thing
    }
    const kept = tools(keep)(request)
    const isSystem = ({ role }: Message): boolean => role === 'system'
    const message = (each: Message): Message =>
      each.role === 'tool' ? keep(each) : ({ ...each, parts: each.parts.map((part: object) => keep(part)) } as Message)
    const systems = new Map(kept.messages.filter(isSystem).map((each) => [each, message(each)]))
    return { ...kept, messages: kept.messages.map((each) => systems.get(each) ?? message(each)) }
  },
}
