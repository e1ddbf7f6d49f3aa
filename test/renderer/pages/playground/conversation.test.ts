import { describe, expect, test } from 'vitest'
import type { CallError } from '../../../../gateway/contract.ts'
import {
  ask,
  askAgain,
  cannotSend,
  clear,
  emptyConversation,
  fail,
  messagesFor,
  receive,
  runningIds,
  sendInput,
  stop,
  type Answer,
  type AnswerEnd,
  type Conversation,
  type Turn,
} from '../../../../renderer/pages/playground/conversation.ts'

const error: CallError = { code: 'rate_limited', message: 'Too many calls.', hint: 'Wait.', field: null }

const end: AnswerEnd = {
  callId: 'call-1',
  provider: 'openai',
  model: 'gpt-6-mini',
  cache: 'MISS',
  inputTokens: 3,
  outputTokens: 2,
  costNanoUsd: 1,
  durationMs: 5,
  firstTokenMs: 2,
  error: null,
}

function answer(change: Partial<Answer> = {}): Answer {
  return { id: 'one', model: 'fast', state: 'done', text: 'Hi', reasoning: '', error: null, end, ...change }
}

function conversation(change: Partial<Conversation> = {}): Conversation {
  return { ...emptyConversation, models: { left: 'fast', right: 'smart' }, draft: 'Hello', ...change }
}

function counter(): () => string {
  let last = 0
  return () => `id ${(last += 1)}`
}

const piece = (id: string, text: string, last: AnswerEnd | null = null) => ({ id, text, reasoning: '', end: last })

describe('cannotSend', () => {
  const turn: Turn = { question: 'Q', answers: { left: answer() } }
  const cases: [name: string, change: Partial<Conversation>, reason: RegExp | undefined][] = [
    ['all is there', {}, undefined],
    ['no text', { draft: '  \n' }, /Write/],
    ['no model', { models: { left: null, right: 'smart' } }, /Choose/],
    ['no second model does not matter for one', { models: { left: 'fast', right: null } }, undefined],
    ['no second model to compare with', { isComparing: true, models: { left: 'fast', right: null } }, /Choose/],
    ['still running', { turns: [{ question: 'Q', answers: { left: answer({ state: 'running' }) } }] }, /still coming/],
    ['just short enough', { turns: Array.from({ length: 99 }, () => turn) }, undefined],
    [
      'with a system message 199 and the new one',
      { system: 'S', turns: Array.from({ length: 99 }, () => turn) },
      undefined,
    ],
    ['too long', { turns: Array.from({ length: 100 }, () => turn) }, /Clear/],
  ]
  test.each(cases)('%s', (_, change, reason) => {
    const found = cannotSend(conversation(change))
    if (reason === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(reason)
  })
})

describe('messagesFor', () => {
  const cases: [name: string, turns: Turn[], side: 'left' | 'right', messages: string[]][] = [
    ['questions and answers', [{ question: 'Q', answers: { left: answer() } }], 'left', ['user Q', 'assistant Hi']],
    [
      'each side has its own answers',
      [{ question: 'Q', answers: { left: answer({ text: 'L' }), right: answer({ text: 'R' }) } }],
      'right',
      ['user Q', 'assistant R'],
    ],
    [
      'a side that was not asked takes the other one',
      [{ question: 'Q', answers: { left: answer() } }],
      'right',
      ['user Q', 'assistant Hi'],
    ],
    [
      'what failed without a word is left out',
      [{ question: 'Q', answers: { left: answer({ state: 'failed', text: '' }) } }],
      'left',
      [],
    ],
    [
      'what was stopped in the middle counts',
      [{ question: 'Q', answers: { left: answer({ state: 'stopped' }) } }],
      'left',
      ['user Q', 'assistant Hi'],
    ],
  ]
  test.each(cases)('%s', (_, turns, side, messages) => {
    const found = messagesFor(conversation({ turns }), side)
    expect(found.map(({ role, content }) => `${role} ${content}`)).toEqual(messages)
  })

  test('the system message comes first, an empty one does not come', () => {
    expect(messagesFor(conversation({ system: 'Be brief' }), 'left')).toEqual([{ role: 'system', content: 'Be brief' }])
    expect(messagesFor(conversation({ system: ' ' }), 'left')).toEqual([])
  })
})

describe('a question', () => {
  test('is sent with its options, and only with those that are set', () => {
    const asked = ask(conversation({ temperature: 0, useCache: false, draft: ' Hello ' }), counter())
    expect(asked.draft).toBe('')
    expect(sendInput(asked, 0, 'left')).toEqual({
      id: 'id 1',
      model: 'fast',
      messages: [{ role: 'user', content: 'Hello' }],
      temperature: 0,
      useCache: false,
    })
    expect(sendInput(asked, 0, 'right')).toBeUndefined()
  })

  test('to two models goes to both', () => {
    const asked = ask(conversation({ isComparing: true }), counter())
    expect(runningIds(asked)).toEqual(['id 1', 'id 2'])
    expect(sendInput(asked, 0, 'right')).toMatchObject({ id: 'id 2', model: 'smart' })
  })

  test('asked again has the history before it, not its own failed answer', () => {
    const first = receive(ask(conversation(), counter()), piece('id 1', 'Hi', end))
    const second = fail(
      ask({ ...first, draft: 'More' }, () => 'second'),
      'second',
      error,
    )
    const again = askAgain(second, 'left', () => 'third')
    expect(sendInput(again, 1, 'left')?.messages.map(({ content }) => content)).toEqual(['Hello', 'Hi', 'More'])
    expect(runningIds(again)).toEqual(['third'])
  })
})

describe('an answer', () => {
  const left = (from: Conversation) => from.turns[0]?.answers.left

  test('grows, and ends with its account', () => {
    let now = ask(conversation(), counter())
    now = receive(now, piece('id 1', 'Hel'))
    now = receive(now, piece('id 1', 'lo'))
    expect(left(now)).toMatchObject({ text: 'Hello', state: 'running', end: null })
    now = receive(now, piece('id 1', '!', end))
    expect(left(now)).toMatchObject({ text: 'Hello!', state: 'done', end: { costNanoUsd: 1 } })
  })

  test('that failed keeps what came before, and says why', () => {
    const now = receive(ask(conversation(), counter()), piece('id 1', 'Hel', { ...end, error }))
    expect(left(now)).toMatchObject({ text: 'Hel', state: 'failed', error: { code: 'rate_limited' } })
  })

  test('that was stopped takes no more text and no error, but its account', () => {
    let now = stop(receive(ask(conversation(), counter()), piece('id 1', 'Hel')))
    now = receive(now, piece('id 1', 'lo'))
    now = receive(now, piece('id 1', '', { ...end, error }))
    expect(left(now)).toMatchObject({ text: 'Hel', state: 'stopped', error: null, end: { costNanoUsd: 1 } })
  })

  test('of a conversation that was cleared changes nothing', () => {
    const cleared = clear(ask(conversation({ system: 'S' }), counter()))
    expect(receive(cleared, piece('id 1', 'late'))).toBe(cleared)
    expect(cleared).toMatchObject({ turns: [], system: 'S', models: { left: 'fast' } })
  })
})
