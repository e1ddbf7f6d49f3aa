import { describe, expect, test } from 'vitest'
import type { ChatReply } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import { asObject, asString, parseJson, type Json } from '../../gateway/chat/json.ts'
import type { Failure, ReplyAbout } from '../../gateway/dialects/dialect.ts'
import { chatRecordings, type ChatRecording } from './all-recordings.ts'
import { clientOf, decodeBody, decodeText, providerOf, replyOf } from './decoding.ts'
import { expectedReading } from './expected-reading.ts'
import { recordingsRoot } from './recordings.ts'
import { chatDialectIds, readers, type ChatDialectId } from './sdk/readers.ts'

const { recordings, others } = chatRecordings()
const answers = recordings.filter(({ kind }) => kind !== 'error')
const refusals = recordings.filter(({ kind }) => kind === 'error')

describe.skipIf(recordingsRoot() === undefined)(
  'every recording, as the library of each dialect reads it (skipped without ../shared/recordings)',
  () => {
    test('there are some of every dialect, and only what is no chat of theirs is left out', () => {
      const kinds = new Set(answers.map(({ dialect, kind }) => `${dialect} ${kind}`))
      for (const dialect of chatDialectIds)
        for (const kind of ['stream', 'whole']) expect(kinds).toContain(`${dialect} ${kind}`)
      expect(refusals.length).toBeGreaterThan(10)
      expect(others.filter((name) => !notOurs.test(name))).toEqual([])
    })

    describe.each(chatDialectIds)('%s', (dialect) => {
      test.each(named(answers))('%s', async (_, recording) => {
        const events = eventsOf(recording)
        const reply = replyOf(events)
        const failure = failureOf(reply, dialect)
        const about = aboutFor(dialect)
        if (failure !== undefined) return expectFailures(dialect, events, failure)
        const expected = expectedReading(reply, dialect)
        const stream = streamed(dialect, events, about)
        expect(await readers[dialect]({ status: 200, body: stream })).toEqual(expected)
        const body = wire(clientOf(dialect).chat.encodeWhole(reply, about))
        expect(await readers[dialect]({ status: 200, body })).toEqual(expected)
      })

      test.each(named(refusals))('the error of %s', async (_, { dialect: spoken, status, text }) => {
        const failure = providerOf(spoken).readError({ status, headers: {}, body: text })
        expect(failure.message).toContain(wordsOf(text))
        await expectError(dialect, failure.status, wire(clientOf(dialect).encodeError(failure)), failure)
        const stream = clientOf(dialect).encodeStreamError(failure, 'r1')
        await expect(readers[dialect]({ status: 200, body: stream })).rejects.toThrow(failure.message)
      })
    })
  },
)

/** Embeddings, speech, pictures, and the two wire formats that we do not speak. */
const notOurs = /bedrock|cohere|embedding|transcription|translation|image-generation|huggingface\.yaml 0|count_tokens/

/** For test.each: the whole name, which vitest would cut short in an object. */
function named(list: ChatRecording[]): [string, ChatRecording][] {
  return list.map((item) => [item.name, item])
}

function eventsOf({ dialect, kind, text }: ChatRecording): ChatEvent[] {
  return kind === 'stream' ? decodeText(dialect, text) : decodeBody(dialect, JSON.parse(text) as Json)
}

function aboutFor(dialect: ChatDialectId): ReplyAbout {
  const id = `${clientOf(dialect).chat.idPrefix}1`
  return { id, model: 'm', created: 1, provider: 'p', includeUsage: true, includeReasoning: true }
}

function streamed(dialect: ChatDialectId, events: ChatEvent[], about: ReplyAbout): string {
  const encoder = clientOf(dialect).chat.encodeStream(about)
  return events.map((event) => encoder.encode(event)).join('') + encoder.end()
}

function wire(body: object): Record<string, Json> {
  return JSON.parse(JSON.stringify(body)) as Record<string, Json>
}

/** Of a broken answer, and of one whose end is an error in the client's dialect. */
function failureOf({ error, choices }: ChatReply, dialect: ChatDialectId): Failure | undefined {
  if (error !== undefined) return error
  const finish = choices[0]?.finish
  if (dialect !== 'openai-responses' || finish?.unified !== 'error') return undefined
  return { status: 200, message: finish.raw ?? 'failed' }
}

/** In the middle of a stream, and instead of a whole answer or of a stream that has not begun. */
async function expectFailures(dialect: ChatDialectId, events: ChatEvent[], failure: Failure): Promise<void> {
  const body = streamed(dialect, events, aboutFor(dialect))
  await expect(readers[dialect]({ status: 200, body })).rejects.toThrow(failure.message)
  if (failure.status >= 400)
    await expectError(dialect, failure.status, wire(clientOf(dialect).encodeError(failure)), failure)
}

async function expectError(
  dialect: ChatDialectId,
  status: number,
  body: Record<string, Json>,
  { message }: Failure,
): Promise<void> {
  const thrown: unknown = await readers[dialect]({ status, body }).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toMatchObject({ status, message: expect.stringContaining(message) as string })
}

/** The provider's own words. */
function wordsOf(text: string): string {
  const error = asObject(parseJson(text))?.['error']
  return asString(asObject(error)?.['message']) ?? asString(error) ?? text
}
