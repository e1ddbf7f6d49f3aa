import fc from 'fast-check'
import { given } from '../../gateway/chat/given.ts'
import type {
  AssistantPart,
  CacheControl,
  ChatRequest,
  HostedTool,
  Message,
  Origin,
  TextPart,
  Tool,
  ToolMessage,
  UserPart,
} from '../../gateway/chat/request.ts'
import { customParameters } from '../../gateway/dialects/custom-input.ts'

/** Requests of every shape that the canonical form has, well formed: every call is answered, in order. */

/** With a last visible character: some dialects trim, and none takes text that is nothing but space. */
export const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map((text) => `${text}.`)
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 })
const mark = fc.constantFrom<CacheControl>({}, { ttl: '5m' }, { ttl: '1h' })

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const toolNames = ['weather', 'now', 'patch'] as const

/** `own`: where signed thinking is valid. */
export function chatRequest(own: Origin): fc.Arbitrary<ChatRequest> {
  return fc
    .tuple(conversation(own), knobs, tooling, fc.boolean())
    .map(([messages, settings, tools, stream]) => ({ model: own.model, messages, stream, ...settings, ...tools }))
}

const base64 = fc.constantFrom('aGk=', 'w7w=', 'JVBERi0xLjQ=')
const text = fc
  .tuple(words, rarely(mark))
  .map(([said, cacheControl]): TextPart => ({ type: 'text', text: said, ...given({ cacheControl }) }))
const media = fc.constantFrom<UserPart>(
  { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aGk=' } },
  { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aGk=' }, detail: 'low' },
  { type: 'image', source: { type: 'url', url: 'https://a.b/c.png' } },
  { type: 'image', source: { type: 'id', id: 'file_1' } },
  { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' }, filename: 'a.pdf' },
  { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } },
  { type: 'file', source: { type: 'base64', mediaType: 'text/plain', data: 'w7w=' }, filename: 'a.txt' },
  { type: 'file', source: { type: 'base64', mediaType: 'application/zip', data: 'UEs=' }, filename: 'a.zip' },
  { type: 'file', source: { type: 'url', url: 'https://a.b/c.pdf' } },
  { type: 'file', source: { type: 'id', id: 'file_2' } },
)
const audio = base64.map((data): UserPart => ({ type: 'audio', format: 'wav', data }))
const userPart = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: media },
  { weight: 1, arbitrary: audio },
)
const userMessage = fc
  .record({ parts: fc.array(userPart, { minLength: 1, maxLength: 3 }), name: rarely(fc.constant('ann')) })
  .map((message): Message => ({ role: 'user', parts: message.parts, ...given({ name: message.name }) }))
const systemMessage = fc
  .tuple(fc.array(text, { minLength: 1, maxLength: 2 }), rarely(fc.constant(true as const)))
  .map(([parts, developer]): Message => ({ role: 'system', parts: parts, ...given({ developer }) }))

const callArguments = fc.oneof(
  { weight: 6, arbitrary: fc.dictionary(words, fc.jsonValue({ maxDepth: 1 })).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constant('{"cut off":') },
)
const customInput = words.map((input) => JSON.stringify({ input }))
const resultParts = fc.oneof(
  { weight: 6, arbitrary: fc.array(text, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constant<UserPart[]>([{ type: 'text', text: '{"degrees":21}' }]) },
  { weight: 1, arbitrary: fc.array(fc.oneof(text, media), { minLength: 1, maxLength: 3 }) },
)

interface Round {
  system: Message | undefined
  user: Message
  parts: AssistantPart[]
  calls: { call: AssistantPart & { type: 'tool-call' }; result: Omit<ToolMessage, 'role' | 'callId'> }[]
  name: string | undefined
}

function conversation(own: Origin): fc.Arbitrary<Message[]> {
  const round = fc.record({
    system: rarely(systemMessage),
    user: userMessage,
    parts: fc
      .tuple(fc.array(reasoning(own), { maxLength: 2 }), fc.array(text, { maxLength: 2 }), rarely(words))
      .map(([thoughts, texts, refusal]): AssistantPart[] => [
        ...thoughts,
        ...texts,
        ...(refusal === undefined ? [] : [{ type: 'refusal' as const, text: refusal }]),
      ]),
    calls: fc.array(answeredCall(own), { maxLength: 2 }),
    name: rarely(fc.constant('bot')),
  })
  return fc
    .tuple(fc.array(systemMessage, { maxLength: 2 }), fc.array(round, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([systems, rounds, endsWithUser]) => [
      ...systems,
      ...rounds.flatMap((each, index) => messagesOf(each, index, index > 0)),
      ...(endsWithUser ? [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'Go on.' }] }] : []),
    ])
}

function messagesOf({ system, user, parts, calls, name }: Round, round: number, isLater: boolean): Message[] {
  const numbered = calls.map(({ call, result }, index) => ({ call: { ...call, id: `call_${round}_${index}` }, result }))
  const said = [...parts, ...numbered.map(({ call }) => call)]
  // Thinking alone is no answer: of one that was cut off there all dialects leave it out.
  const isAnswer = said.some(({ type }) => type !== 'reasoning')
  return [
    ...(system !== undefined && isLater ? [system] : []),
    user,
    ...(isAnswer ? [{ role: 'assistant' as const, parts: said, ...given({ name }) }] : []),
    ...numbered.map(({ call, result }): Message => ({ role: 'tool', callId: call.id, ...result })),
  ]
}

function reasoning(own: Origin): fc.Arbitrary<AssistantPart> {
  const other: Origin = { provider: 'elsewhere', model: 'another' }
  return fc.oneof(
    words.map((thought): AssistantPart => ({ type: 'reasoning', text: thought, signature: 'c2ln', origin: own })),
    words.map((thought): AssistantPart => ({ type: 'reasoning', text: thought, signature: 'c2ln', origin: other })),
    words.map((thought): AssistantPart => ({ type: 'reasoning', text: thought })),
    fc.constantFrom<AssistantPart>(
      { type: 'reasoning', text: '', redacted: 'cmVk', origin: own },
      { type: 'reasoning', text: '', redacted: 'cmVk', origin: other },
    ),
  )
}

function answeredCall(own: Origin): fc.Arbitrary<Round['calls'][number]> {
  const signature = rarely(fc.constantFrom(own, { provider: 'elsewhere', model: 'another' }))
  const call = fc
    .record({ name: fc.constantFrom(...toolNames), json: callArguments, input: customInput, signature })
    .map(({ name, json, input, signature: origin }) => ({
      type: 'tool-call' as const,
      id: '',
      name,
      arguments: name === 'patch' ? input : json,
      ...(origin === undefined ? {} : { signature: 'Y2FsbA==', origin }),
    }))
  const result = fc
    .record({ parts: resultParts, isError: rarely(fc.constant(true as const)), cacheControl: rarely(mark) })
    .map(({ parts, ...more }) => ({ parts: parts, ...given(more) }))
  return fc.record({ call, result })
}

const hosted = fc.constantFrom<HostedTool>(
  { kind: 'web-search', name: 'web_search', maxUses: 3, allowedDomains: ['a.b'] },
  { kind: 'web-search', name: 'web_search', blockedDomains: ['c.d'] },
  { kind: 'web-fetch', name: 'web_fetch' },
  { kind: 'code-execution', name: 'code_execution' },
  { name: 'computer_20250124' },
)

const tools = fc
  .record({
    strict: optional(fc.boolean()),
    marked: rarely(mark),
    grammar: rarely(fc.constant(true)),
    described: fc.boolean(),
  })
  .map(({ strict, marked, grammar, described }): Tool[] => [
    {
      name: 'weather',
      parameters: schema,
      ...given({ strict, cacheControl: marked, description: described ? 'The weather.' : undefined }),
    },
    { name: 'now' },
    {
      name: 'patch',
      description: 'A patch.',
      custom: grammar === true ? { format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } } : {},
      parameters: customParameters,
    },
  ])
const toolChoice = fc.constantFrom<NonNullable<ChatRequest['toolChoice']>>(
  { type: 'auto' },
  { type: 'none' },
  { type: 'required' },
  { type: 'tool', name: 'weather' },
  { type: 'auto', tools: ['weather', 'now'] },
  { type: 'required', tools: ['weather', 'now'] },
)
/** A choice without tools says nothing. */
const tooling = fc
  .record({
    tools: fc.option(tools, { nil: undefined, freq: 4 }),
    toolChoice: optional(toolChoice),
    parallelToolCalls: optional(fc.boolean()),
    hostedTools: rarely(fc.array(hosted, { minLength: 1, maxLength: 1 })),
  })
  .map(({ hostedTools, ...functions }) => given({ ...(functions.tools === undefined ? {} : functions), hostedTools }))

const knobs = fc
  .record({
    output: optional(
      fc.constantFrom<NonNullable<ChatRequest['output']>>(
        { type: 'text' },
        { type: 'json' },
        { type: 'json-schema', name: 'answer', schema, strict: true },
        { type: 'json-schema', name: 'reply', schema, description: 'The answer.' },
      ),
    ),
    maxOutputTokens: optional(fc.integer({ min: 1, max: 9000 })),
    temperature: optional(fc.constantFrom(0, 0.5, 1, 1.5)),
    topP: optional(fc.constantFrom(0.5, 0.97, 1)),
    topK: rarely(fc.integer({ min: 1, max: 100 })),
    stop: rarely(fc.array(words, { minLength: 1, maxLength: 4 })),
    seed: rarely(fc.constantFrom(0, 7, 2 ** 40)),
    presencePenalty: rarely(fc.constantFrom(0, 1)),
    frequencyPenalty: rarely(fc.constantFrom(0, 1)),
    logprobs: rarely(fc.constantFrom<NonNullable<ChatRequest['logprobs']>>({}, { top: 2 })),
    count: rarely(fc.constantFrom(1, 2)),
    reasoning: optional(
      fc.constantFrom<NonNullable<ChatRequest['reasoning']>>(
        { effort: 'none' },
        { effort: 'minimal' },
        { effort: 'low', visible: true },
        { effort: 'medium', visible: false },
        { effort: 'high', summary: 'detailed' },
        { effort: 'max' },
        { budgetTokens: 2048, visible: true },
        { adaptive: true },
      ),
    ),
    verbosity: rarely(fc.constantFrom('low', 'medium', 'high')),
    serviceTier: rarely(fc.constantFrom('auto', 'default', 'flex', 'priority')),
    promptCacheKey: rarely(fc.constant('key')),
    user: rarely(fc.constant('user-1')),
    uncarried: rarely(fc.constant<string[]>(['logit_bias'])),
  })
  .map((settings) => given(settings))

function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}
