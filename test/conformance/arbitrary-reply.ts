import fc from 'fast-check'
import type { ChatChoice, ChatReply } from '../../gateway/chat/collect.ts'
import { given } from '../../gateway/chat/given.ts'
import type { UnifiedFinish } from '../../gateway/chat/finish.ts'
import type { AssistantPart, Tool } from '../../gateway/chat/request.ts'
import type { Usage } from '../../gateway/chat/usage.ts'
import { words } from './arbitrary-request.ts'

/** The tools of which the calls in these answers are, for encoders that give a tool its own kind back. */
export const replyTools: Tool[] = [{ name: 'weather' }, { name: 'now' }, { name: 'patch', custom: {} }]

/** Answers of every shape that the canonical form has. `choices`: how many at most. */
export function chatReply(choices: number): fc.Arbitrary<ChatReply> {
  return fc
    .record({
      id: fc.stringMatching(/^(msg_)?[a-z0-9_]{3,12}$/),
      model: fc.constant('answering-model'),
      created: fc.integer({ min: 1, max: 2_000_000_000 }),
      serviceTier: optional(fc.constantFrom('default', 'priority')),
      fingerprint: optional(fc.constant('fp_1')),
      choices: fc.array(choice, { minLength: 1, maxLength: choices }),
      usage: optional(usage),
    })
    .map((reply) => given({ ...reply, choices: reply.choices.map(numbered) }) as ChatReply)
}

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  words.map((text): AssistantPart => ({ type: 'text', text })),
  words.map((text): AssistantPart => ({ type: 'reasoning', text, signature: 'c2ln' })),
  fc.constant<AssistantPart>({ type: 'reasoning', text: '', redacted: 'cmVk' }),
)
const call = fc
  .record({
    name: fc.constantFrom('weather', 'now', 'patch'),
    json: fc.oneof(
      fc.dictionary(words, fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value)),
      fc.constant(''),
    ),
    input: words,
    isSigned: fc.boolean(),
  })
  .map(({ name, json, input, isSigned }): AssistantPart => ({
    type: 'tool-call',
    id: '',
    name,
    arguments: name === 'patch' ? JSON.stringify({ input }) : json,
    ...(isSigned ? { signature: 'Y2FsbA==' } : {}),
  }))

const annotation = fc
  .record({ url: fc.constantFrom('https://a.b/1', 'https://a.b/2'), title: optional(fc.constant('A')) })
  .map((each) => given(each) as { url: string; title?: string })

const choice = fc
  .record({
    parts: fc.array(part, { maxLength: 4 }),
    // No provider signs some thoughts of an answer and others not.
    isSigned: fc.boolean(),
    calls: fc.oneof(fc.constant([]), fc.array(call, { minLength: 1, maxLength: 3 })),
    refusal: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: words }),
    annotations: fc.array(annotation, { maxLength: 2 }),
    ends: fc.constantFrom<UnifiedFinish>('stop', 'stop', 'length', 'content-filter', 'other', 'error'),
    stopSequence: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: words }),
  })
  .map(({ parts, calls, refusal, annotations, ends, stopSequence, isSigned }): ChatChoice => {
    const isRefused = refusal !== undefined && calls.length === 0 && (ends === 'stop' || ends === 'content-filter')
    const unified = calls.length > 0 && ends !== 'length' ? 'tool-calls' : ends
    const thoughts = isSigned ? parts : parts.map(unsigned)
    const all = [...thoughts, ...calls, ...(isRefused ? [{ type: 'refusal' as const, text: refusal }] : [])]
    return {
      parts: all,
      // Sources are of a text.
      annotations: all.at(-1)?.type === 'text' ? annotations : [],
      finish: { unified, ...given({ stopSequence: unified === 'stop' && !isRefused ? stopSequence : undefined }) },
    }
  })

function unsigned(each: AssistantPart): AssistantPart {
  return each.type === 'reasoning' && each.redacted === undefined ? { type: 'reasoning', text: each.text } : each
}

function numbered(each: ChatChoice, index: number): ChatChoice {
  let count = 0
  const parts = each.parts.map((item) =>
    item.type === 'tool-call' ? { ...item, id: `call_${index}_${count++}` } : item,
  )
  return { ...each, parts }
}

const usage: fc.Arbitrary<Usage> = fc
  .record({
    input: fc.integer({ min: 100, max: 200 }),
    cacheRead: optional(fc.nat(40)),
    cacheWrite: optional(fc.nat(40)),
    inputAudio: optional(fc.integer({ min: 1, max: 20 })),
    output: fc.integer({ min: 50, max: 90 }),
    reasoning: optional(fc.nat(20)),
    outputAudio: optional(fc.integer({ min: 1, max: 20 })),
    webSearches: optional(fc.nat(3)),
  })
  .map((counts) => given(counts))
