import { describe, expect, test } from 'vitest'
import { type RelayOutput, type Relay } from '../../gateway/pipeline/relay.ts'
import { PassStream } from '../../gateway/pipeline/relay-pass.ts'
import { TapStream } from '../../gateway/pipeline/relay-tap.ts'
import { chatRecordings, type ChatRecording } from './all-recordings.ts'
import { decodePieces, providerOf, replyOf } from './decoding.ts'
import { checkEvents } from './event-invariants.ts'
import { handmadeStreams } from './handmade-streams.ts'
import { cutRandomly, recordingsRoot, seededRandom } from './recordings.ts'
import { chatDialectIds, type ChatDialectId } from './sdk/readers.ts'

/** A stream's events and its bytes must not depend on how the network cut it. */

const framings: [name: string, frame: (text: string) => string][] = [
  ['LF', (text) => text],
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['CR', (text) => text.replaceAll('\n', '\r')],
  ['a byte order mark', (text) => `\ufeff${text}`],
]
/** What the standard also allows is not handed through untouched by any server that we know of. */
const relayed = framings.slice(0, 2)

describe.each(chatDialectIds)('a stream of %s made by hand', (dialect) => {
  test.each(framings)('with %s gives the same events, cut at every byte', (_, frame) => {
    const whole = decodePieces(dialect, [Buffer.from(handmadeStreams[dialect])])
    expect(checkEvents(whole)).toEqual([])
    const { choices } = replyOf(whole)
    expect(choices[0]?.parts.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['reasoning', 'text', 'tool-call']),
    )
    const bytes = Buffer.from(frame(handmadeStreams[dialect]))
    expectSame(JSON.stringify(whole), everyCut(bytes), (pieces) => eventsOf(dialect, pieces))
  })

  test.each(relayed)('with %s is handed through with the same bytes, cut at every byte', (_, frame) => {
    const bytes = Buffer.from(frame(handmadeStreams[dialect]))
    const relay = relayOf(dialect)
    const expected = relay([bytes])
    expect(expected.bytes).toBe(bytes.toString())
    expect(expected.finished).toBe(true)
    expectSame(JSON.stringify(expected), everyCut(bytes), (pieces) => JSON.stringify(relay(pieces)))
  })
})

const { recordings } = chatRecordings()
const streams = recordings.filter(({ kind }) => kind === 'stream')

describe.skipIf(recordingsRoot() === undefined)('recorded streams (skipped without ../shared/recordings)', () => {
  test('there are some', () => {
    expect(streams.length).toBeGreaterThan(100)
  })

  test.each(named(streams))('%s gives the same events wherever it is cut', (_, { dialect, text }) => {
    const bytes = Buffer.from(text)
    const expected = eventsOf(dialect, [bytes])
    expectSame(expected, sampleCuts(bytes), (pieces) => eventsOf(dialect, pieces))
  })

  test.each(named(streams.filter(({ dialect }) => dialect !== 'openai-completions')))(
    '%s is handed through with the same bytes wherever it is cut',
    (_, { dialect, text }) => {
      const relay = relayOf(dialect as ChatDialectId)
      const bytes = Buffer.from(text)
      const expected = relay([bytes])
      // Errors are told by the pipeline, and OpenAI's chunks without choices are left out: those have tests of their own.
      if (expected.error === undefined && dialect !== 'openai-chat') expect(bytes.toString()).toContain(expected.bytes)
      expectSame(JSON.stringify(expected), sampleCuts(bytes), (pieces) => JSON.stringify(relay(pieces)))
    },
  )

  /** Of every dialect the two shortest with a tool call, whole: cut at each of their first bytes. */
  const short = chatDialectIds.flatMap((dialect) =>
    streams
      .filter((it) => it.dialect === dialect && /tool_use|tool_calls|function_?[cC]all/.test(it.text))
      .toSorted((a, b) => a.text.length - b.text.length)
      .slice(0, 2),
  )
  test.each(named(short))('%s cut at each of its first 3,000 bytes', (_, { dialect, text }) => {
    const bytes = Buffer.from(text).subarray(0, 3000)
    expectSame(eventsOf(dialect, [bytes]), everyCut(bytes), (pieces) => eventsOf(dialect, pieces))
  })
})

function named(list: ChatRecording[]): [string, ChatRecording][] {
  return list.map((item) => [item.name, item])
}

function eventsOf(dialect: ChatRecording['dialect'], pieces: Uint8Array[]): string {
  return JSON.stringify(decodePieces(dialect, pieces))
}

interface Relayed {
  bytes: string
  finished: boolean
  usage: unknown
  error: unknown
}

/** The relay that this dialect's streams are handed through with (choose-relay.ts), with what it saw. */
function relayOf(dialect: ChatDialectId): (pieces: Uint8Array[]) => Relayed {
  const { chat } = providerOf(dialect)
  const make = (output: RelayOutput): Relay =>
    dialect === 'openai-chat'
      ? new PassStream({ chat, hideUsage: false, collect: false }, output)
      : new TapStream({ chat, collect: false }, output)
  return (pieces) => {
    const written: Uint8Array[] = []
    const relay = make({ write: (bytes) => void written.push(Buffer.from(bytes)) })
    for (const piece of pieces) relay.push(Buffer.from(piece))
    written.push(relay.end())
    const { finished, usage, error } = relay.seen
    return { bytes: Buffer.concat(written).toString(), finished, usage, error }
  }
}

function expectSame(expected: string, cuts: Iterable<Uint8Array[]>, play: (pieces: Uint8Array[]) => string): void {
  for (const pieces of cuts) {
    if (play(pieces) === expected) continue
    expect.fail(`${pieces.length} pieces, the first of ${pieces[0]?.length} bytes, change the outcome`)
  }
}

function* everyCut(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield singleBytes(bytes)
  for (let cut = 1; cut < bytes.length; cut += 1) yield [bytes.subarray(0, cut), bytes.subarray(cut)]
}

/** All boundaries at once, random ones, and some one by one: every cut of every recording would take minutes. */
function* sampleCuts(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield singleBytes(bytes.subarray(0, 30_000)).concat(bytes.subarray(30_000))
  yield cutRandomly(bytes, seededRandom(bytes.length))
  const random = seededRandom(bytes.length + 1)
  for (let sample = 0; sample < 6; sample += 1) {
    const cut = 1 + Math.floor(random() * (bytes.length - 1))
    yield [bytes.subarray(0, cut), bytes.subarray(cut)]
  }
}

function singleBytes(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1))
}
