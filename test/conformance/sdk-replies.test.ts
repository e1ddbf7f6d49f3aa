import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replay, type ChatReply } from '../../gateway/chat/collect.ts'
import type { Json } from '../../gateway/chat/json.ts'
import type { ReplyAbout } from '../../gateway/dialects/dialect.ts'
import { chatReply, replyTools } from './arbitrary-reply.ts'
import { clientOf } from './decoding.ts'
import { expectedReading } from './expected-reading.ts'
import { chatDialectIds, readers, type ChatDialectId } from './sdk/readers.ts'

/** Answers of every shape, as the vendor's own library reads them: streamed and whole alike. */

describe.each(chatDialectIds)('any answer, read by the library of %s', (dialect) => {
  test('is the answer', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(answered(dialect), fc.integer({ min: 1, max: 9 }), async (reply, sliceLength) => {
        const about = aboutFor(dialect)
        const expected = expectedReading(reply, dialect)
        const encoder = clientOf(dialect).chat.encodeStream(about)
        const stream = [...replay(reply, sliceLength)].map((event) => encoder.encode(event)).join('') + encoder.end()
        expect(await readers[dialect]({ status: 200, body: stream })).toEqual(expected)
        const body = JSON.parse(JSON.stringify(clientOf(dialect).chat.encodeWhole(reply, about))) as Record<
          string,
          Json
        >
        expect(await readers[dialect]({ status: 200, body })).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})

/**
 * Not those that end in an error, which Responses throws, nor those that are filtered with words of the model: there a
 * stream has told them before it is known that they are the reason.
 */
function answered(dialect: ChatDialectId): fc.Arbitrary<ChatReply> {
  return chatReply(dialect === 'openai-chat' ? 2 : 1).filter(({ choices }) =>
    choices.every(
      ({ parts, finish }) =>
        finish?.unified !== 'error' &&
        (finish?.unified !== 'content-filter' || parts.every(({ type }) => type !== 'refusal')),
    ),
  )
}

function aboutFor(dialect: ChatDialectId): ReplyAbout {
  const request = { model: 'm', messages: [], stream: true, tools: replyTools, reasoning: { visible: true } }
  const id = `${clientOf(dialect).chat.idPrefix}1`
  return { id, model: 'm', created: 1, provider: 'p', includeUsage: true, includeReasoning: true, request }
}
