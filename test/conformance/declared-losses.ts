import { given } from '../../gateway/chat/given.ts'
import { isObject, parseJson } from '../../gateway/chat/json.ts'
import type {
  AssistantPart,
  ChatRequest,
  HostedTool,
  Message,
  Origin,
  Source,
  Tool,
  UserPart,
} from '../../gateway/chat/request.ts'
import { textOfFile } from '../../gateway/dialects/openai-chat/provider/write-parts.ts'
import type { ChatDialectId } from './sdk/readers.ts'

/**
 * Everything that a request loses on its way into a provider's dialect, each with its reason. The round-trip test holds
 * the gateway to this table: nothing else may be lost, and what is lost must be told as `told` says.
 */
export interface DeclaredLoss {
  what: string
  reason: string
  /**
   * How the client is told: by a warning whose feature matches; by a refusal of the whole call. `same`: nothing is lost,
   * it is only said in other words. `design`: DESIGN section 4 wants it left out in silence.
   */
  told: RegExp | 'refused' | 'same' | 'design'
  /** What is left of it. A refused request has nothing left. */
  rest?: (request: ChatRequest, own: Origin) => ChatRequest
  /** Where `rest` alone does not tell whether the request has any of it. */
  applies?: (request: ChatRequest, own: Origin) => boolean
}

type Knob = keyof ChatRequest

function knob(
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
    rest: ({ [name]: _, ...others }) => others as ChatRequest,
  }
}

function parts(change: (part: UserPart | AssistantPart, message: Message) => (UserPart | AssistantPart)[]) {
  return (request: ChatRequest): ChatRequest => ({
    ...request,
    messages: request.messages.map(
      (message) => ({ ...message, parts: message.parts.flatMap((part) => change(part, message)) }) as Message,
    ),
  })
}

function tools(change: (tool: Tool) => Tool) {
  return (request: ChatRequest): ChatRequest => ({ ...request, ...given({ tools: request.tools?.map(change) }) })
}

function allParts({ messages }: ChatRequest): (UserPart | AssistantPart)[] {
  return messages.flatMap((message): (UserPart | AssistantPart)[] => message.parts)
}

function hasSource(request: ChatRequest, kind: 'image' | 'file', type: Source['type']): boolean {
  return allParts(request).some((part) => part.type === kind && part.source.type === type)
}

function without<T extends object>(thing: T, name: string): T {
  return Object.fromEntries(Object.entries(thing).filter(([key]) => key !== name)) as T
}

// --- What several dialects lose.

const foreignThinking: DeclaredLoss = {
  what: 'thinking that is signed elsewhere',
  reason: 'Thinking and its signatures go back to the same provider and model and to no other.',
  told: 'design',
  rest: (request, own) =>
    parts((part) => {
      if (part.type === 'tool-call') return isOwn(part, own) ? [part] : [without(part, 'signature')]
      return part.type !== 'reasoning' || isOwn(part, own) ? [part] : []
    })(request),
}

function isOwn({ origin }: { origin?: Origin }, own: Origin): boolean {
  return origin?.provider === own.provider && origin.model === own.model
}

const unsignedThinking: DeclaredLoss = {
  what: 'thinking without a signature',
  reason: 'No provider of this dialect takes back what it did not sign.',
  told: 'design',
  rest: parts((part) =>
    part.type === 'reasoning' && part.signature === undefined && part.redacted === undefined ? [] : [part],
  ),
}

const callSignatures: DeclaredLoss = {
  what: 'signatures of calls',
  reason: 'Only Gemini signs calls: a signature of its is never valid here.',
  told: 'design',
  rest: parts((part) => [part.type === 'tool-call' ? without(part, 'signature') : part]),
}

const cacheMarks: DeclaredLoss = {
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

function names(told: RegExp): DeclaredLoss {
  return {
    what: 'names of participants',
    reason: 'The dialect knows none.',
    told,
    rest: (request) => ({
      ...request,
      messages: request.messages.map((message) => (message.role === 'tool' ? message : without(message, 'name'))),
    }),
  }
}

const failedResults: DeclaredLoss = {
  what: 'the mark of a failed call',
  reason: 'OpenAI has none; the text of the result says it.',
  told: /^messages\[\d+\]\.is_error$/,
  rest: (request) => ({
    ...request,
    messages: request.messages.map((message) => (message.role === 'tool' ? without(message, 'isError') : message)),
  }),
}

const refusalText: DeclaredLoss = {
  what: 'the mark of a refusal',
  reason: 'Refusals of an earlier answer are its text.',
  told: 'same',
  rest: parts((part) => [part.type === 'refusal' ? { type: 'text', text: part.text } : part]),
}

const uncarried: DeclaredLoss = {
  what: 'settings that only the client’s dialect has',
  reason: 'The canonical form has no place for them; they are kept by name to be told.',
  told: /^logit_bias$/,
  rest: (request) => without(request, 'uncarried'),
}

const cacheKey = knob(
  'promptCacheKey',
  'same',
  'A hint that changes no answer and that only OpenAI knows (request.ts).',
)

const customTools: DeclaredLoss = {
  what: 'custom tools',
  reason: 'A tool of free text is a function with its text as the one argument.',
  told: 'same',
  rest: tools((tool) => without(tool, 'custom')),
}

const grammars: DeclaredLoss = {
  what: 'the grammar of a custom tool',
  reason: 'Only OpenAI holds a model to one.',
  told: /^tools\.patch\.format$/,
  rest: tools((tool) => (tool.custom === undefined ? tool : { ...tool, custom: {} })),
}

const developers: DeclaredLoss = {
  what: 'the role developer',
  reason: 'It is the system’s.',
  told: 'same',
  rest: (request) => ({
    ...request,
    messages: request.messages.map((message) => (message.role === 'system' ? without(message, 'developer') : message)),
  }),
}

const brokenArguments = (told: RegExp | 'same', rest: (json: string) => string): DeclaredLoss => ({
  what: 'arguments of an earlier call that are no JSON object',
  reason: 'Providers refuse them.',
  told,
  rest: parts((part) => [
    part.type === 'tool-call' && part.arguments !== '' && !isObject(parseJson(part.arguments))
      ? { ...part, arguments: rest(part.arguments) }
      : part,
  ]),
})

const audio: DeclaredLoss = {
  what: 'audio',
  reason: 'The dialect takes none.',
  told: 'refused',
  applies: (request) => allParts(request).some(({ type }) => type === 'audio'),
}

const images = (type: Source['type'], reason: string): DeclaredLoss => ({
  what: `an image by ${type}`,
  reason,
  told: 'refused',
  applies: (request) => hasSource(request, 'image', type),
})

const files = (type: Source['type'], reason: string): DeclaredLoss => ({
  what: `a file by ${type}`,
  reason,
  told: 'refused',
  applies: (request) => hasSource(request, 'file', type),
})

const textFiles: DeclaredLoss = {
  what: 'text files',
  reason: 'They are told as text, with their name.',
  told: 'same',
  rest: parts((part) => {
    if (part.type !== 'file' || part.source.type !== 'base64' || !part.source.mediaType.startsWith('text/'))
      return [part]
    return [
      {
        type: 'text',
        text: textOfFile(part.source.data, part.filename),
        ...given({ cacheControl: part.cacheControl }),
      },
    ]
  }),
}

const fileNames: DeclaredLoss = {
  what: 'a file without a name',
  reason: 'OpenAI demands one.',
  told: 'same',
  rest: parts((part) => [
    part.type === 'file' && part.source.type === 'base64' ? { ...part, filename: part.filename ?? 'file.pdf' } : part,
  ]),
}

function hostedTools(keep: (tool: HostedTool) => HostedTool | undefined): DeclaredLoss {
  return {
    what: 'tools that the provider runs',
    reason: 'This provider has no such tool, or no such setting of it.',
    told: /^(tools\.(web_search|web_fetch|code_execution|computer_20250124)|max_uses)/,
    rest: (request) => {
      const kept = request.hostedTools?.flatMap((tool) => keep(tool) ?? [])
      return { ...without(request, 'hostedTools'), ...given({ hostedTools: kept?.length === 0 ? undefined : kept }) }
    },
  }
}

/** Their results take text only. */
const attachments: DeclaredLoss = {
  what: 'media in a result',
  reason: 'Chat’s results take text only: the rest is a user message behind the results of the turn.',
  told: 'same',
  rest: (request) => ({ ...request, messages: moveAttachments(request.messages) }),
}

/** `isSaid`: whether it is told in words whose they are. */
function moveAttachments(messages: Message[], isSaid = true): Message[] {
  const moved: Message[] = []
  let pending: UserPart[] = []
  const flush = (): void => {
    if (pending.length > 0) moved.push({ role: 'user', parts: pending })
    pending = []
  }
  for (const message of messages) {
    if (message.role !== 'tool') {
      flush()
      moved.push(message)
      continue
    }
    const texts = message.parts.filter((part) => part.type === 'text')
    const others = message.parts.filter((part) => part.type !== 'text')
    const heading = { type: 'text' as const, text: `Attached to the result of ${message.callId}:` }
    if (others.length > 0) pending.push(...(isSaid ? [heading] : []), ...others)
    const placeholder = { type: 'text' as const, text: isSaid ? '(see the attachment below)' : '' }
    moved.push({ ...message, parts: texts.length === 0 ? [placeholder] : texts })
  }
  flush()
  return moved
}

/** Efforts and budgets are two ways to say the same (gateways.md D.7). */
function reasoning(
  what: string,
  told: RegExp | 'same',
  reason: string,
  change: (wanted: Wanted, request: ChatRequest) => Wanted | undefined,
): DeclaredLoss {
  return {
    what,
    told,
    reason,
    rest: (request) => ({
      ...without(request, 'reasoning'),
      ...given({ reasoning: request.reasoning === undefined ? undefined : change(request.reasoning, request) }),
    }),
  }
}

type Wanted = NonNullable<ChatRequest['reasoning']>

function some(wanted: Wanted): Wanted | undefined {
  return Object.keys(wanted).length === 0 ? undefined : wanted
}

function knobWhere(
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
function featureOf(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}$`)
}

function hostedNames(words: Partial<Record<NonNullable<HostedTool['kind']>, string>>): DeclaredLoss {
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

function withInstruction(messages: Message[], text: string): Message[] {
  const count = messages.filter(({ role }) => role === 'system').length
  return [...messages.slice(0, count), { role: 'system', parts: [{ type: 'text', text }] }, ...messages.slice(count)]
}

function isRaised(request: ChatRequest): boolean {
  const { effort, adaptive, budgetTokens } = request.reasoning ?? {}
  const isBudget = effort === undefined && adaptive !== true && budgetTokens !== undefined
  return isBudget && !isUnthought(request) && (request.maxOutputTokens ?? answerTokens) <= budgetTokens
}

const formatDescriptions: DeclaredLoss = {
  what: 'the description of a schema',
  reason: 'Only OpenAI tells one beside it.',
  told: /^response_format\.json_schema\.description$/,
  rest: (request) => {
    const { output } = request
    return output?.type === 'json-schema' ? { ...request, output: without(output, 'description') } : request
  },
}

/** `isStrict`: whether our client side takes a schema that has only required members for strict. */
function formatNames(name: string, isStrict: boolean): DeclaredLoss {
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
const allowedTools: DeclaredLoss = {
  what: 'tools that may not be chosen',
  reason: 'The dialect has no list of allowed tools: the others are not shown.',
  told: 'same',
  rest: (request) => onlyAllowed(request, ['auto', 'required']),
}

function onlyAllowed(request: ChatRequest, types: string[]): ChatRequest {
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

function laterSystem(told: RegExp): DeclaredLoss {
  return {
    what: 'the place of instructions within the conversation',
    reason: 'The dialect has them ahead of it.',
    told,
    rest: (request) => {
      const systems = request.messages.filter(({ role }) => role === 'system')
      return { ...request, messages: [...systems, ...request.messages.filter(({ role }) => role !== 'system')] }
    },
  }
}

function tiers(told: RegExp | 'same', words: Record<string, string | undefined>): DeclaredLoss {
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

const fileNamesLost: DeclaredLoss = {
  what: 'names of files',
  reason: 'The Gemini API takes none.',
  told: /^filename$/,
  rest: parts((part) => [part.type === 'file' ? without(part, 'filename') : part]),
}

/** Media of results stands beside them. */
const mediaOfResults: DeclaredLoss = {
  what: 'media in a result',
  reason: 'It stands beside the result, in the same turn.',
  told: 'same',
  rest: (request) => ({ ...request, messages: moveAttachments(request.messages, false) }),
}

const details: DeclaredLoss = {
  what: 'the resolution of an image',
  reason: 'The provider decides it.',
  told: /detail$/,
  rest: parts((part) => [part.type === 'image' ? without(part, 'detail') : part]),
}

const marksInResults: DeclaredLoss = {
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
const surplusMarks: DeclaredLoss = {
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

/** Anthropic thinks in this call: then sampling is fixed and no call can be forced. */
function thinks({ reasoning: wanted = {}, ...request }: ChatRequest): boolean {
  if (wanted.effort === 'none') return false
  if (wanted.effort !== undefined || wanted.adaptive === true) return true
  return wanted.budgetTokens !== undefined && !isUnthought(request)
}

/** What follows the user's last own turn is one turn to Anthropic, and must begin with thinking if the model is to think. */
function isUnthought({ messages }: Pick<ChatRequest, 'messages'>): boolean {
  const turns: Message[][] = []
  const sideOf = ({ role }: Message): string => (role === 'assistant' ? 'assistant' : 'user')
  for (const message of messages.filter(
    ({ role, parts: all }) => role !== 'system' && (all.length > 0 || role === 'tool'),
  )) {
    const last = turns.at(-1)
    if (last?.[0] !== undefined && sideOf(last[0]) === sideOf(message)) last.push(message)
    else turns.push([message])
  }
  const lastOwn = turns.findLastIndex((turn) => turn.every(({ role }) => role === 'user'))
  const rounds = turns.slice(lastOwn + 1).filter((turn) => turn[0]?.role === 'assistant')
  const said = rounds.map((turn) => turn.flatMap((message): (UserPart | AssistantPart)[] => message.parts))
  return (
    said.some((all) => all.some(({ type }) => type === 'tool-call')) &&
    !said.some((all) => all[0]?.type === 'reasoning')
  )
}

const answerTokens = 4096

// --- The table. In its order: what one loss leaves, the next may lose.

export const declaredLosses: Record<ChatDialectId, DeclaredLoss[]> = {
  'openai-chat': [
    images('id', 'It was uploaded to another provider.'),
    files('url', 'Chat takes no files by URL.'),
    { ...unsignedThinking, reason: 'Thinking whose origin is unknown may be anybody’s.' },
    foreignThinking,
    attachments,
    textFiles,
    fileNames,
    brokenArguments(/tool_calls/, () => '{}'),
    failedResults,
    cacheMarks,
    grammars,
    customTools,
    hostedTools(() => undefined),
    uncarried,
    cacheKey,
    knob('topK', /^top_k$/, 'Chat has none.'),
    reasoning(
      'how thoughts are shown',
      'same',
      'The gateway shows and hides them itself; chat knows the effort alone, and by itself thinks as it likes.',
      ({ effort, budgetTokens }) => some(given({ effort: effort ?? (budgetTokens === undefined ? undefined : 'low') })),
    ),
  ],
  'openai-responses': [
    audio,
    unsignedThinking,
    foreignThinking,
    callSignatures,
    names(/^messages\[\]\.name$/),
    textFiles,
    fileNames,
    brokenArguments(/tool_calls/, () => '{}'),
    failedResults,
    cacheMarks,
    uncarried,
    {
      what: 'a limit of searches',
      reason: 'Responses limits all its own tools together, with a member that our client side does not carry.',
      told: 'same',
      rest: (request) => {
        if (request.hostedTools?.some(({ maxUses }) => maxUses !== undefined) !== true) return request
        const hosted = request.hostedTools.map((tool) => without(tool, 'maxUses'))
        return { ...request, hostedTools: hosted, uncarried: ['max_tool_calls'] }
      },
    },
    hostedTools((tool) => {
      if (tool.kind === 'code-execution') return tool
      return tool.kind === 'web-search' ? without(tool, 'blockedDomains') : undefined
    }),
    hostedNames({ 'web-search': 'web_search', 'code-execution': 'code_interpreter' }),
    ...(['topK', 'stop', 'seed', 'presencePenalty', 'frequencyPenalty'] as const).map((name) =>
      knob(name, featureOf(name), 'Responses has no such setting.'),
    ),
    knob('count', /^n$/, 'Responses gives one answer.', (count) => count !== 1),
    knob('count', 'same', 'One answer is what it gives.'),
    {
      what: 'a limit of less than 16 tokens',
      reason: 'It is refused.',
      told: /^max_output_tokens$/,
      rest: (request) => ((request.maxOutputTokens ?? 16) < 16 ? { ...request, maxOutputTokens: 16 } : request),
    },
    reasoning(
      'how thoughts are shown',
      'same',
      'Responses has an effort and a kind of summary, and by itself thinks as it likes.',
      ({ effort, budgetTokens, adaptive, visible, summary }) => {
        const isHidden = visible === false || effort === 'none'
        const isShown = visible === true || adaptive === true || budgetTokens !== undefined
        return some(
          given({
            effort: effort ?? (budgetTokens === undefined ? undefined : 'low'),
            summary: isHidden ? undefined : (summary ?? (isShown ? 'auto' : undefined)),
          }),
        )
      },
    ),
  ],
  'anthropic-messages': [
    audio,
    {
      what: 'files of other kinds than PDF and text',
      reason: 'Messages takes none.',
      told: 'refused',
      applies: (request) =>
        allParts(request).some(
          (part) =>
            part.type === 'file' && part.source.type === 'base64' && part.source.mediaType === 'application/zip',
        ),
    },
    {
      what: 'several answers',
      reason: 'Messages gives one.',
      told: 'refused',
      applies: ({ count = 1 }) => count > 1,
    },
    knob('count', 'same', 'One answer is what it gives.'),
    unsignedThinking,
    foreignThinking,
    callSignatures,
    refusalText,
    developers,
    laterSystem(/^messages\[\d+\]$/),
    names(/^messages\[\d+\]\.name$/),
    brokenArguments(/tool_calls/, (json) => JSON.stringify({ INVALID_JSON: json })),
    details,
    allowedTools,
    grammars,
    customTools,
    uncarried,
    hostedTools((tool) => (tool.kind === undefined ? undefined : tool)),
    hostedNames({
      'web-search': 'web_search_20250305',
      'web-fetch': 'web_fetch_20250910',
      'code-execution': 'code_execution_20250825',
    }),
    cacheKey,
    knob('seed', /^seed$/, 'Messages has none.'),
    knob('presencePenalty', /^presence_penalty$/, 'Messages has none.', (penalty) => penalty !== 0),
    knob('presencePenalty', 'same', 'None is what 0 means.'),
    knob('frequencyPenalty', /^frequency_penalty$/, 'Messages has none.', (penalty) => penalty !== 0),
    knob('frequencyPenalty', 'same', 'None is what 0 means.'),
    knob('logprobs', /^logprobs$/, 'Messages has none.'),
    knob('verbosity', /^verbosity$/, 'Messages has none.', (verbosity) => verbosity !== 'medium'),
    knob('verbosity', 'same', 'Medium is what no wish means.'),
    tiers('same', { default: 'auto', priority: 'auto' }),
    tiers(/^service_tier$/, { flex: 'standard_only' }),
    {
      what: 'no limit of tokens',
      reason: 'Messages demands one.',
      told: 'same',
      rest: (request) => ({ ...request, maxOutputTokens: request.maxOutputTokens ?? answerTokens }),
    },
    {
      what: 'a limit that leaves no room to think',
      reason: 'What is thought counts towards it.',
      told: /^max_tokens$/,
      applies: (request) => isRaised(request) && request.maxOutputTokens !== answerTokens,
      rest: (request) => ({ ...request, maxOutputTokens: (request.maxOutputTokens ?? 0) + 2048 }),
    },
    {
      what: 'a temperature above 1',
      reason: 'Messages takes 0 to 1.',
      told: /^temperature$/,
      rest: (request) => ((request.temperature ?? 0) > 1 ? { ...request, temperature: 1 } : request),
    },
    {
      what: 'sampling while thinking',
      reason: 'It is fixed then.',
      told: /^(temperature|top_p|top_k)$/,
      applies: (request) =>
        thinks(request) &&
        ((request.temperature ?? 1) !== 1 || (request.topP ?? 1) < 0.95 || request.topK !== undefined),
      rest: (request) => {
        const { topP, ...others } = without(without(request, 'temperature'), 'topK')
        return { ...others, ...given({ topP: (topP ?? 0) < 0.95 ? undefined : topP }) }
      },
    },
    knobWhere('temperature', 'same', '1 is what the model thinks with.', thinks),
    knobWhere(
      'topP',
      /^top_p$/,
      'Messages takes temperature or top_p.',
      ({ temperature }) => temperature !== undefined,
    ),
    {
      what: 'a forced call while thinking',
      reason: 'It is refused.',
      told: /^tool_choice$/,
      applies: (request) => thinks(request) && ['required', 'tool'].includes(request.toolChoice?.type ?? ''),
      rest: (request) => ({ ...request, toolChoice: { type: 'auto' } }),
    },
    {
      what: 'calls at once',
      reason: 'They are the default, and the choice says whether they are not wanted.',
      told: 'same',
      rest: ({ parallelToolCalls, ...request }) => {
        if (parallelToolCalls !== false || request.toolChoice?.type === 'none') return request
        return { ...request, parallelToolCalls, toolChoice: request.toolChoice ?? { type: 'auto' } }
      },
    },
    {
      what: 'no tools',
      reason: 'A conversation with calls must define tools: those that were called, which may not be any more.',
      told: 'same',
      rest: (request) => {
        if (request.tools !== undefined) return request
        const called = new Set(allParts(request).flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])))
        if (called.size === 0) return request
        const defined = [...called].map((name): Tool => ({ name, parameters: { type: 'object' } }))
        return {
          ...request,
          tools: defined,
          ...(request.hostedTools === undefined ? { toolChoice: { type: 'none' } } : {}),
        }
      },
    },
    {
      what: 'the JSON mode',
      reason: 'Messages has none without a schema: it is asked for in words.',
      told: /^response_format$/,
      applies: ({ output }) => output?.type === 'json',
      rest: ({ output: _, ...request }) => ({
        ...request,
        messages: withInstruction(
          request.messages,
          'Answer with one JSON object and nothing else: no code fence, no words before or after it.',
        ),
      }),
    },
    knobWhere('output', 'same', 'Text is what it gives.', ({ output }) => output?.type === 'text'),
    formatDescriptions,
    formatNames('answer', true),
    reasoning(
      'thinking after calls without it',
      /^reasoning_effort$/,
      'A turn must end as it began.',
      (wanted, request) =>
        wanted.budgetTokens !== undefined && wanted.effort === undefined && isUnthought(request) ? undefined : wanted,
    ),
    reasoning(
      'the way thinking is asked for',
      'same',
      'Efforts go with thinking as the model likes, whose text is shown unless it is not wanted; minimal is low.',
      ({ effort, budgetTokens, visible }) => {
        if (effort === 'none') return { effort }
        if (effort === undefined && budgetTokens !== undefined) return { budgetTokens }
        return {
          adaptive: true,
          visible: visible !== false,
          ...given({ effort: effort === 'minimal' ? 'low' : effort }),
        }
      },
    ),
    marksInResults,
    surplusMarks,
  ],
  gemini: [
    images('url', 'Google fetches nothing from the web; the gateway fetches it before (inlinesMedia).'),
    files('url', 'Google fetches nothing from the web; the gateway fetches it before (inlinesMedia).'),
    {
      ...unsignedThinking,
      rest: parts((part) => (part.type === 'reasoning' && part.signature === undefined ? [] : [part])),
    },
    foreignThinking,
    refusalText,
    developers,
    laterSystem(/^messages\[\d+\]$/),
    names(/^name$/),
    details,
    fileNamesLost,
    {
      what: 'that an upload is an image',
      reason: 'Google knows what was uploaded.',
      told: 'same',
      rest: parts((part) => [
        part.type === 'image' && part.source.type === 'id'
          ? { type: 'file', source: part.source, ...given({ cacheControl: part.cacheControl }) }
          : part,
      ]),
    },
    mediaOfResults,
    brokenArguments('same', (json) => JSON.stringify({ arguments: json })),
    {
      what: 'tools that may not be chosen freely',
      reason: 'Only those that may be are shown.',
      told: 'same',
      rest: (request) => onlyAllowed(request, ['auto']),
    },
    grammars,
    customTools,
    {
      what: 'strict tools',
      reason: 'Gemini holds arguments to their schema only where a call is forced.',
      told: /^strict$/,
      applies: ({ tools: all, toolChoice: choice }) =>
        all?.some(({ strict }) => strict === true) === true && !['required', 'tool'].includes(choice?.type ?? ''),
      rest: tools((tool) => without(tool, 'strict')),
    },
    {
      what: 'the word strict',
      reason: 'Where a call is forced all are.',
      told: 'same',
      rest: tools((tool) => without(tool, 'strict')),
    },
    cacheMarks,
    hostedTools((tool) => (tool.kind === undefined ? undefined : { kind: tool.kind, name: tool.name })),
    hostedNames({ 'web-search': 'googleSearch', 'web-fetch': 'urlContext', 'code-execution': 'codeExecution' }),
    cacheKey,
    uncarried,
    knob('user', /^user$/, 'Gemini takes no id of an end user.'),
    knob('verbosity', /^verbosity$/, 'Gemini has none.'),
    knob('parallelToolCalls', /^parallel_tool_calls$/, 'Gemini may always call several.', (may) => may === false),
    knob('parallelToolCalls', 'same', 'It always may.'),
    knob('seed', /^seed$/, 'Gemini’s has 32 bits.', (seed) => Number(seed) >= 2 ** 31),
    tiers('same', { auto: undefined, default: 'standard' }),
    knobWhere('output', 'same', 'Text is what it gives.', ({ output }) => output?.type === 'text'),
    formatDescriptions,
    formatNames('response', false),
    reasoning('efforts beyond high', /^reasoning_effort$/, 'HIGH is the most.', (wanted) =>
      wanted.effort === 'max' ? { ...wanted, effort: 'high' } : wanted,
    ),
    reasoning(
      'the way thinking is asked for',
      'same',
      'Gemini 3 has levels, of which MINIMAL is as good as none, and thinks as it likes without; it tells thoughts one way.',
      ({ effort, budgetTokens, visible }) => ({
        ...given({
          effort: effort === 'none' ? 'minimal' : (effort ?? (budgetTokens === undefined ? undefined : 'low')),
        }),
        visible: effort !== 'none' && visible !== false,
      }),
    ),
  ],
}
