import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replay, type ChatReply } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import type { Json } from '../../gateway/chat/json.ts'
import type { ReplyAbout } from '../../gateway/dialects/dialect.ts'
import { chatReply, replyTools } from './arbitrary-reply.ts'
import { declaredReplyLosses, withoutThinking } from './declared-reply-losses.ts'
import { clientOf, decodeBody, decodeText, replyOf } from './decoding.ts'
import { checkEvents } from './event-invariants.ts'
import { outlineOf, type Outline } from './reply-outline.ts'
import { chatDialectIds, type ChatDialectId } from './sdk/readers.ts'

/** An answer encoded for a client and decoded by our provider side of its dialect is the same, but for what is declared. */

const choices: Record<ChatDialectId, number> = {
  'openai-chat': 2,
  'openai-responses': 2,
  'anthropic-messages': 2,
  gemini: 2,
}

describe.each(chatDialectIds)('an answer to %s and back', (dialect) => {
  test('loses only what is declared, streamed or whole', () => {
    fc.assert(
      fc.property(chatReply(choices[dialect]), fc.integer({ min: 1, max: 9 }), (reply, sliceLength) => {
        const events = [...filtered(replay(reply, sliceLength))]
        const streamed = decodeText(dialect, encodeStream(dialect, events))
        const whole = decodeBody(dialect, encodeWhole(dialect, reply))
        expect(checkEvents(streamed)).toEqual([])
        expect(checkEvents(whole)).toEqual([])
        if (fails(reply, dialect)) {
          expect(replyOf(streamed).error).toBeDefined()
          expect(replyOf(whole).error).toBeDefined()
          return
        }
        const expected = lose(dialect, outlineOf(reply))
        expect(told(dialect, replyOf(whole)), 'whole').toEqual(expected)
        expect(told(dialect, replyOf(streamed)), 'streamed').toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  test('everything declared does happen', () => {
    const outlines = fc.sample(chatReply(choices[dialect]), { numRuns: 1000, seed: 5 }).map(outlineOf)
    const lost = declaredReplyLosses[dialect].filter(({ rest }) =>
      outlines.some((outline) => JSON.stringify(rest(outline)) !== JSON.stringify(outline)),
    )
    expect(lost.map(({ what }) => what)).toEqual(declaredReplyLosses[dialect].map(({ what }) => what))
  })
})

/** Why an answer was filtered comes with its end, not as words of the model. */
function* filtered(events: Iterable<ChatEvent>): Generator<ChatEvent> {
  const held = new Map<number, string>()
  const all = [...events]
  const isFiltered = (choice: number): boolean =>
    all.some((event) => event.type === 'finish' && event.choice === choice && event.reason.unified === 'content-filter')
  for (const event of all) {
    if (event.type === 'refusal-delta' && isFiltered(event.choice)) held.set(event.choice, event.text)
    else if (event.type === 'finish' && held.has(event.choice))
      yield { ...event, refusal: held.get(event.choice) ?? '' }
    else yield event
  }
}

/** Responses ends such an answer as failed, which is an error. */
function fails({ choices: all }: ChatReply, dialect: ChatDialectId): boolean {
  return dialect === 'openai-responses' && all[0]?.finish?.unified === 'error'
}

function lose(dialect: ChatDialectId, outline: Outline): Outline {
  return declaredReplyLosses[dialect].reduce((rest, loss) => loss.rest(rest), outline)
}

/** Members that come back in the other's words are not compared: the table says which. */
function told(dialect: ChatDialectId, reply: ChatReply): Outline {
  const outline = outlineOf(reply)
  if (dialect === 'openai-chat')
    return { ...outline, choices: outline.choices.map((choice) => ({ ...choice, order: [] })) }
  if (dialect === 'gemini')
    return { ...outline, choices: outline.choices.map((each) => ({ ...each, order: withoutThinking(each.order) })) }
  return dialect === 'anthropic-messages' ? { ...outline, serviceTier: undefined } : outline
}

function aboutFor(dialect: ChatDialectId): ReplyAbout {
  const chat = clientOf(dialect).chat
  return {
    id: `${chat.idPrefix}1`,
    model: 'm',
    created: 1,
    provider: 'p',
    includeUsage: true,
    includeReasoning: true,
    request: { model: 'm', messages: [], stream: true, tools: replyTools, reasoning: { visible: true } },
  }
}

function encodeStream(dialect: ChatDialectId, events: ChatEvent[]): string {
  const encoder = clientOf(dialect).chat.encodeStream(aboutFor(dialect))
  return events.map((event) => encoder.encode(event)).join('') + encoder.end()
}

function encodeWhole(dialect: ChatDialectId, reply: ChatReply): Json {
  return JSON.parse(JSON.stringify(clientOf(dialect).chat.encodeWhole(reply, aboutFor(dialect)))) as Json
}
