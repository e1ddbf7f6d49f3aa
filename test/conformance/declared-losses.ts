import { given } from '../../gateway/chat/given.ts'
import { asObject, isObject, parseJson } from '../../gateway/chat/json.ts'
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
  isLost = (value: unknown) => value !== undefined,
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
  rest: tools(({ custom, ...tool }) => (custom === undefined ? tool : tool)),
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

const brokenArguments = (rest: (json: string) => string): DeclaredLoss => ({
  what: 'arguments of an earlier call that are no JSON object',
  reason: 'Providers refuse them.',
  told: /tool_calls/,
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

function moveAttachments(messages: Message[]): Message[] {
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
    if (others.length > 0)
      pending.push({ type: 'text', text: `Attached to the result of ${message.callId}:` }, ...others)
    const placeholder = { type: 'text' as const, text: '(see the attachment below)' }
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
  change: (wanted: Wanted) => Wanted | undefined,
): DeclaredLoss {
  return {
    what,
    told,
    reason,
    rest: (request) => ({
      ...without(request, 'reasoning'),
      ...given({ reasoning: request.reasoning === undefined ? undefined : change(request.reasoning) }),
    }),
  }
}

type Wanted = NonNullable<ChatRequest['reasoning']>

function some(wanted: Wanted): Wanted | undefined {
  return Object.keys(wanted).length === 0 ? undefined : wanted
}

// --- The table.

export const declaredLosses: Record<ChatDialectId, DeclaredLoss[]> = {
  'openai-chat': [
    images('id', 'It was uploaded to another provider.'),
    files('url', 'Chat takes no files by URL.'),
    foreignThinking,
    {
      ...unsignedThinking,
      reason: 'Thinking whose origin is unknown may be anybody’s.',
    },
    attachments,
    textFiles,
    fileNames,
    brokenArguments(() => '{}'),
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
      'The gateway shows and hides them itself; chat only knows the effort.',
      ({ effort, budgetTokens }) => {
        const nearest = budgetTokens === undefined ? undefined : ('low' as const)
        return some(given({ effort: effort ?? nearest }))
      },
    ),
  ],
  'openai-responses': [
    audio,
    foreignThinking,
    unsignedThinking,
    callSignatures,
    names(/^messages\[\]\.name$/),
    textFiles,
    fileNames,
    brokenArguments(() => '{}'),
    failedResults,
    cacheMarks,
    uncarried,
    hostedTools((tool) => (tool.kind === 'web-search' || tool.kind === 'code-execution' ? tool : undefined)),
    ...(['topK', 'stop', 'seed', 'presencePenalty', 'frequencyPenalty'] as const).map((name) =>
      knob(
        name,
        new RegExp(`^${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}$`),
        'Responses has no such setting.',
      ),
    ),
    knob('count', /^n$/, 'Responses gives one answer.', (count) => count !== 1),
  ],
  'anthropic-messages': [
    audio,
    knob('count', /^n$/, 'Messages gives one answer.', (count) => count !== 1),
    foreignThinking,
    unsignedThinking,
    callSignatures,
    refusalText,
    developers,
    names(/^messages\[\d+\]\.name$/),
    customTools,
    grammars,
    uncarried,
    cacheKey,
    knob('seed', /^seed$/, 'Messages has none.'),
    knob('presencePenalty', /^presence_penalty$/, 'Messages has none.'),
    knob('frequencyPenalty', /^frequency_penalty$/, 'Messages has none.'),
    knob('logprobs', /^logprobs$/, 'Messages has none.'),
    knob('verbosity', /^verbosity$/, 'Messages has none.'),
  ],
  gemini: [
    images('url', 'Google fetches nothing from the web; the gateway fetches it before (media.fetch).'),
    files('url', 'Google fetches nothing from the web; the gateway fetches it before (media.fetch).'),
    foreignThinking,
    unsignedThinking,
    refusalText,
    developers,
    names(/^name$/),
    customTools,
    grammars,
    cacheMarks,
    cacheKey,
    uncarried,
    knob('user', /^user$/, 'Gemini takes no id of an end user.'),
    knob('verbosity', /^verbosity$/, 'Gemini has none.'),
  ],
}
