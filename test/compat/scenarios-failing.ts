import { expect } from 'vitest'
import type { ScriptedDialectId } from '../helpers/scripted-dialect.ts'
import { failureOf, type Scenario, seenAt, type Stage } from './scenario.ts'

const message = 'The scripted words of this failure.'

/** Words that programs of a dialect look at; OpenAI's differ from server to server. */
const kinds: Partial<Record<ScriptedDialectId, Record<number, string>>> = {
  'anthropic-messages': { 400: 'invalid_request_error', 401: 'authentication_error', 429: 'rate_limit_error' },
  gemini: { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 429: 'RESOURCE_EXHAUSTED' },
}

async function fail(stage: Stage, status: number, retryAfterSeconds?: number): Promise<void> {
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  const told = []
  for (const stream of [false, true]) {
    stage.upstream.script({ kind: 'error', status, message, ...retry })
    told.push(await failureOf(stage, stage.session.ask({ stream, text: 'Hi!' })))
  }
  const kind = kinds[stage.sdk.dialect]?.[status]
  for (const explained of told) {
    expect(explained).toMatchObject({ status, retryAfterSeconds })
    if (kind !== undefined) expect(explained.kind).toBe(kind)
    expect(explained.message).toContain(message)
  }
}

async function breakOff(stage: Stage): Promise<void> {
  const pieces: string[] = []
  stage.upstream.script({ kind: 'breaks', answer: { text: 'Begun and then broken off in the middle.' }, message })
  const onPiece = (text: string) => void pieces.push(text)
  const told = await failureOf(stage, stage.session.ask({ stream: true, text: 'Hi!', onPiece }))
  expect(told.message).toContain(message)
  expect(pieces.join('')).toMatch(/^Begun/)
}

async function hangUp(stage: Stage, stream: boolean): Promise<void> {
  const leave = new AbortController()
  const answer = { text: 'Begun and never brought to an end.' }
  stage.upstream.script({ kind: 'hangs', ...(stream ? { answer } : {}) })
  const onPiece = () => leave.abort()
  const call = stage.session.ask({ stream, text: 'Hi!', signal: leave.signal, onPiece })
  // Some libraries throw and some just end: either way the upstream has to see it.
  const settled = call.catch(() => undefined)
  const asked = await stage.upstream.received(0)
  if (!stream) leave.abort()
  await settled
  expect(await asked.aborted).toBe(true)
  seenAt(stage, 0)
}

export const failingScenarios: Scenario[] = [
  { group: 'Errors', name: '400', play: (stage) => fail(stage, 400) },
  { group: 'Errors', name: '401', play: (stage) => fail(stage, 401) },
  { group: 'Errors', name: '429, when to come back', play: (stage) => fail(stage, 429, 17) },
  { group: 'Errors', name: 'in the middle of a stream', play: breakOff },
  { group: 'Hanging up', name: 'before an answer', play: (stage) => hangUp(stage, false) },
  { group: 'Hanging up', name: 'in the middle of a stream', play: (stage) => hangUp(stage, true) },
]
