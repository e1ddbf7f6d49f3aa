import type { UnifiedFinish } from '../../gateway/chat/finish.ts'
import type { Usage } from '../../gateway/chat/usage.ts'
import type { ChoiceOutline, Outline } from './reply-outline.ts'
import type { ChatDialectId } from './sdk/readers.ts'

/** What an answer loses on its way to a client, and why. There is no place in an answer to say so. */
export interface ReplyLoss {
  what: string
  reason: string
  rest: (outline: Outline) => Outline
}

function choices(change: (choice: ChoiceOutline) => Partial<ChoiceOutline>) {
  return (outline: Outline): Outline => ({
    ...outline,
    choices: outline.choices.map((choice) => ({ ...choice, ...change(choice) })),
  })
}

function finishes(words: Partial<Record<UnifiedFinish, UnifiedFinish>>, reason: string): ReplyLoss {
  return {
    what: 'some reasons to finish',
    reason,
    rest: choices(({ finish }) => ({ finish: finish === undefined ? undefined : (words[finish] ?? finish) })),
  }
}

function counts(names: (keyof Usage)[], reason: string): ReplyLoss {
  return {
    what: `counts of tokens: ${names.join(', ')}`,
    reason,
    rest: (outline) => ({
      ...outline,
      usage:
        outline.usage === undefined
          ? undefined
          : Object.fromEntries(Object.entries(outline.usage).filter(([name]) => !names.includes(name as keyof Usage))),
    }),
  }
}

function zeros(names: (keyof Usage)[], reason: string, otherwise?: Partial<Usage>): ReplyLoss {
  return {
    what: `that counts of tokens are not known: ${names.join(', ')}`,
    reason,
    rest: ({ usage = otherwise, ...outline }) => ({
      ...outline,
      usage: usage === undefined ? undefined : { ...Object.fromEntries(names.map((name) => [name, 0])), ...usage },
    }),
  }
}

function members(
  names: ('id' | 'created' | 'serviceTier' | 'fingerprint')[],
  reason: string,
  told: Partial<Outline> = {},
): ReplyLoss {
  return {
    what: names.join(', '),
    reason,
    rest: (outline) => ({ ...outline, ...Object.fromEntries(names.map((name) => [name, undefined])), ...told }),
  }
}

const oneChoice: ReplyLoss = {
  what: 'all choices but the first',
  reason: 'The dialect has one; more are refused where they are asked for.',
  rest: (outline) => ({ ...outline, choices: outline.choices.slice(0, 1) }),
}

/** Neighbours of one kind are one. */
export function withoutThinking(order: string[]): string[] {
  const others = order.filter((kind) => kind !== 'reasoning')
  return others.filter((kind, index) => kind !== others[index - 1])
}

const stopSequences: ReplyLoss = {
  what: 'the stop sequence that was met',
  reason: 'Only Anthropic tells it.',
  rest: choices(() => ({ stopSequence: undefined })),
}

const refusals: ReplyLoss = {
  what: 'the mark of what a model says to refuse',
  reason: 'It is text; only why an answer was filtered has a place.',
  rest: choices(({ finish, refusal, text, order }) => {
    if (refusal === '' || finish === 'content-filter') return {}
    const words = order.map((kind) => (kind === 'refusal' ? 'text' : kind))
    return { text: text + refusal, refusal: '', order: words.filter((kind, index) => kind !== words[index - 1]) }
  }),
}

export const declaredReplyLosses: Record<ChatDialectId, ReplyLoss[]> = {
  'openai-chat': [
    {
      what: 'the order of blocks',
      reason: 'A message has one content, one thinking and one list of calls.',
      rest: choices(() => ({ order: [] })),
    },
    finishes({ error: 'stop', other: 'stop' }, 'OpenAI has no word for them.'),
    stopSequences,
    counts(['webSearches'], 'OpenAI tells none.'),
    zeros(['cacheRead', 'reasoning'], 'Clients add them up.'),
  ],
  'openai-responses': [
    oneChoice,
    members(['id', 'created'], 'They are the gateway’s own, which can find the answer again by them.', {
      id: 'resp_1',
      created: 1,
    }),
    members(['fingerprint'], 'Responses has none.'),
    finishes({ other: 'stop' }, 'OpenAI has no word for it.'),
    stopSequences,
    counts(['webSearches', 'inputAudio', 'outputAudio'], 'Responses tells none.'),
    zeros(['cacheRead', 'reasoning'], 'Clients add them up.'),
  ],
  'anthropic-messages': [
    oneChoice,
    members(['created', 'fingerprint'], 'Messages has none.'),
    {
      what: 'id',
      reason: 'An id of another vendor is no message’s: it is the gateway’s own then.',
      rest: ({ id, ...outline }) => ({ ...outline, id: id?.startsWith('msg_') === true ? id : 'msg_1' }),
    },
    {
      what: 'the name of a service tier',
      reason: 'OpenAI’s default is Anthropic’s standard.',
      rest: (outline) => ({ ...outline, serviceTier: undefined }),
    },
    {
      what: refusals.what,
      reason: 'It is text, and a reason to stop; only why an answer was filtered has a place.',
      rest: (outline) => ({
        ...refusals.rest(outline),
        choices: refusals.rest(outline).choices.map((choice, index) => {
          const isRefused = outline.choices[index]?.refusal !== '' && choice.finish === 'stop'
          return isRefused ? { ...choice, finish: 'content-filter' } : choice
        }),
      }),
    },
    finishes({ error: 'stop', other: 'stop' }, 'Anthropic has no word for them.'),
    counts(['inputAudio', 'outputAudio'], 'Messages tells none.'),
    {
      what: 'that the life of what was cached is not known',
      reason: 'The two kinds add up to all.',
      rest: ({ usage, ...outline }) => ({
        ...outline,
        usage: usage?.cacheWrite === undefined ? usage : { cacheWrite1h: 0, ...usage },
      }),
    },
    zeros(['input', 'output', 'cacheRead', 'cacheWrite'], 'Clients add them up.', {}),
  ],
  gemini: [
    members(['created', 'fingerprint'], 'Gemini has none.'),
    {
      what: 'the service tier where no tokens are counted',
      reason: 'It stands with the counts.',
      rest: (outline) => (outline.usage === undefined ? { ...outline, serviceTier: undefined } : outline),
    },
    refusals,
    stopSequences,
    {
      what: 'the place of thinking',
      reason: 'A signature on an empty text belongs to the whole text around it.',
      rest: choices(({ order }) => ({ order: withoutThinking(order) })),
    },
    {
      what: 'how often a page is cited',
      reason: 'Each page is told once.',
      rest: choices(({ annotations }) => ({
        annotations: [...new Map(annotations.map((each) => [each.url, each])).values()],
      })),
    },
    counts(['webSearches', 'cacheWrite'], 'Gemini tells none.'),
  ],
}
